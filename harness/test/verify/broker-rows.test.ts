import { expect, test } from 'vitest'
import { brokerTable } from '../../verify/broker-rows.ts'

const embedded = {
  name: 'embedded',
  rounds: [
    { startMs: 4, sendsPerSecond: 3000 },
    { startMs: 2, sendsPerSecond: 1000 },
    { startMs: 8, sendsPerSecond: 2000 },
  ],
}
const kafka = {
  name: 'Kafka 4.3.1',
  rounds: [
    { startMs: 2000, sendsPerSecond: 2000 },
    { startMs: 3000, sendsPerSecond: 2000 },
    { startMs: 1600, sendsPerSecond: 2000 },
  ],
}

function row(lines: string[], label: string): string[] {
  const line = lines.find((one) => one.trimStart().startsWith(label))
  return line?.split(/ {2,}/) ?? []
}

test('a row has median, least and most of each broker, and the median of the ratios, round by round', () => {
  const lines = brokerTable([embedded, kafka])
  expect(row(lines, 'start to first')).toEqual([
    'start to first answered request',
    '4.0 ms (2.0 - 8.0)',
    '2,000 ms (1,600 - 3,000)',
    '500',
  ])
})

test('more per second is better; a row in which the first one is behind is marked when it is', () => {
  const slower = { ...embedded, rounds: embedded.rounds.map((one) => ({ ...one, sendsPerSecond: 500 })) }
  expect(row(brokerTable([embedded, kafka]), 'awaited sends').at(-1)).toBe('1.0')
  expect(row(brokerTable([slower, kafka]), 'awaited sends').at(-1)).toBe('< 0.25')
})

test('one broker alone, and what was not measured', () => {
  const lines = brokerTable([embedded])
  expect(lines[0]?.trim()).toBe('embedded')
  expect(row(lines, 'create a topic').at(-1)).toBe('-')
})
