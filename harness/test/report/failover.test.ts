import { expect, test } from 'vitest'
import { type Failover, failoverIn, failoverStrip } from '../../report/failover.ts'

const LOOK = { colour: false, width: 44, ticks: true }
/** Twenty columns, one for each half second: node 2 dies at 2 s, node 3 leads from 6 s on. */
const FAILOVER: Failover = {
  replicas: [2, 3, 1],
  views: [
    { atMs: 0, leader: 2, isr: [1, 2, 3] },
    { atMs: 3000, leader: null, isr: [] },
    { atMs: 4000, leader: 2, isr: [1, 2, 3] },
    { atMs: 6000, leader: 3, isr: [1, 3] },
  ],
  sends: [
    { atMs: 1000, tookMs: 100, error: null },
    { atMs: 2000, tookMs: 100, error: 'ECONNREFUSED' },
    { atMs: 2600, tookMs: 10, error: 'ECONNREFUSED' },
    { atMs: 6000, tookMs: 100, error: 'NOT_LEADER_OR_FOLLOWER' },
    { atMs: 6500, tookMs: 600, error: null },
    { atMs: 9500, tookMs: 500, error: null },
  ],
  died: { node: 2, atMs: 2000 },
  predicted: 3,
}

test('a strip shows who led, who was in sync, and what became of the sends', () => {
  expect(failoverStrip(FAILOVER, LOOK)).toEqual([
    '        a leader dies, as a client sees it',
    '                          x node 2 dies',
    '          leader      222222··222233333333',
    '          1 in sync   111111··111111111111',
    '          2 in sync   222222··2222········',
    '          3 in sync   333333··333333333333',
    '          sends         ✓ ✗✗      ✗ ✓    ✓',
    '                      0.0 s         10.0 s',
    '          errors: ECONNREFUSED 2 times, NOT_LEADER_OR_FOLLOWER once',
    '          4.0 s until node 3 led, as your elect() says',
    '          5.1 s from the death to the first record that was acknowledged',
  ])
})

test('another forecast is told; none is not', () => {
  const lines = (predicted: number | null | undefined) => failoverStrip({ ...FAILOVER, predicted }, LOOK)
  expect(lines(1)).toContain('          4.0 s until node 3 led; your elect() says 1')
  expect(lines(undefined)).toContain('          4.0 s until node 3 led')
})

test('a partition that never comes back says so', () => {
  const views = FAILOVER.views.slice(0, 2)
  const sends = FAILOVER.sends.slice(0, 3)
  const lines = failoverStrip({ ...FAILOVER, views, sends }, { ...LOOK, ticks: false })
  expect(lines.slice(-2).map((line) => line.trim())).toEqual([
    'nobody led in its place',
    'no record was acknowledged any more',
  ])
})

test.each([undefined, null, 3, { failover: 1 }, { other: FAILOVER }])('%j is no failover', (returned) => {
  expect(failoverIn(returned)).toBeNull()
})
