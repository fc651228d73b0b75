import { expect, test } from 'vitest'
import { ownershipChart } from '../../report/ownership.ts'
import type { Ownership } from '../../result.ts'

const chart: Ownership = {
  group: 'wb-12ab-13-crash-group',
  topic: 'wb-12ab-13-crash',
  fromMs: 0,
  toMs: 2000,
  members: [
    { letter: 'A', lane: '1' },
    { letter: 'B', lane: '2' },
  ],
  partitions: [
    { partition: 0, spans: [{ owner: 'A', fromMs: 0, toMs: 2000 }] },
    {
      partition: 1,
      spans: [
        { owner: 'B', fromMs: 0, toMs: 500 },
        { owner: 'A', fromMs: 1500, toMs: 2000 },
      ],
    },
  ],
  departures: [
    { member: 'B', how: 'gone', atMs: 500, unownedMs: 1000 },
    { member: 'A', how: 'left', atMs: 2000 },
  ],
}
const look = { colour: false, width: 8 + 14 + 2 + 20, ticks: true }

test('rows are partitions, columns time, a dot is nobody', () => {
  expect(ownershipChart([chart], look)).toEqual([
    '        who owned what   crash in crash-group',
    '          partition 0   AAAAAAAAAAAAAAAAAAAA',
    '          partition 1   BBBBB··········AAAAA',
    '                        0.0 s          2.0 s',
    '          members: A scene 1 · B scene 2',
    '          B was gone without leaving at 0.5',
    '          s: its partitions, without an',
    '          owner for 1000 ms',
  ])
})

test('without ticks everything is ASCII, told in words as well, and it is never wider than the terminal asks for', () => {
  const lines = ownershipChart([chart], { ...look, ticks: false, width: 120 })
  expect(lines[2]).toBe(`          partition 1   ${'B'.repeat(18)}${'.'.repeat(36)}${'A'.repeat(18)}`)
  expect(lines.slice(4, 7)).toEqual([
    '          partition 0: A until 2.0 s',
    '          partition 1: B until 0.5 s, nobody until 1.5 s, A until 2.0 s',
    '          members: A scene 1, B scene 2',
  ])
})

test('a hostile topic name cannot reach the terminal', () => {
  const hostile = { ...chart, topic: 'wb-12ab-13-\u001b[2Jx' }
  expect(ownershipChart([hostile], look)[0]).toBe('        who owned what   x in crash-group')
})
