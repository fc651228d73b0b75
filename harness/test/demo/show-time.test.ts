import { expect, test } from 'vitest'
import { ShowTime } from '../../demo/show-time.ts'

test('time begins with the first request and stands still while somebody talks', () => {
  const time = new ShowTime(100)
  time.stoodStill(300, 5300)
  time.stoodStill(6000, 6500)
  expect([50, 100, 250, 300, 4000, 5300, 5400, 6200, 7000].map((ms) => time.of(ms))).toEqual([
    0, 0, 150, 200, 200, 200, 300, 900, 1400,
  ])
})

test('a chart loses the pauses too, and keeps how long nobody owned a partition', () => {
  const time = new ShowTime(100)
  time.stoodStill(300, 5300)
  const chart = {
    group: 'g',
    topic: 't',
    fromMs: 0,
    toMs: 6000,
    members: [{ letter: 'A', lane: '1' }],
    partitions: [{ partition: 0, spans: [{ owner: 'A', fromMs: 100, toMs: 5400 }] }],
    departures: [{ member: 'A', how: 'gone' as const, atMs: 5400, unownedMs: 600 }],
  }
  expect(time.ofChart(chart)).toMatchObject({
    toMs: 1000,
    partitions: [{ spans: [{ fromMs: 100, toMs: 400 }] }],
    departures: [{ atMs: 400, unownedMs: 600 }],
  })
})
