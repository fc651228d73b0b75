// The checks of measuring. Nothing to edit here.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { byPartition, check, events, writeCompactedPrices } from './consumer-lag.records.ts'
import { sample } from './consumer-lag.samples.ts'

check(
  'distance',
  'Lag is the distance from the committed offset to the end of the log, in each partition by itself',
  { about: 'computeLag' },
  async ({ play, topic }) => {
    await topic.append([...events(7, 0), ...events(2, 1), ...events(5, 2)])
    const rows = byPartition(await play.measure({ committed: { 0: '4', 1: '2', 2: '1' } }))
    mistake(
      'joined-by-place',
      rows[0]?.committed === '4' && rows[0].end !== '7',
      'The commit of one partition stands beside the end of another. The broker answers the two questions in orders of its own; a place in a list is no partition.',
    )
    mistake(
      'lag-is-message-count',
      rows[0]?.lag === '7' && rows[1]?.lag === '2',
      'Seven records are stored, and seven is called the lag, although the group has done four of them. Records stay when they have been read: reading never makes this number smaller.',
    )
    mistake(
      'commit-is-last-handled',
      rows[0]?.lag === '2',
      'The group has committed 4 and the log ends at 7: offsets 4, 5 and 6 are still to be read, and one of them is missing. A commit does not name the last record that was handled.',
    )
    expect(rows).toMatchObject([
      { partition: 0, committed: '4', end: '7', lag: '3' },
      { partition: 1, committed: '2', end: '2', lag: '0' },
      { partition: 2, committed: '1', end: '5', lag: '4' },
    ])
  },
)

check(
  'no-commit',
  'Where a group has no commit there is nothing to subtract: all that is stored is still to be read',
  { after: 'distance', about: 'computeLag' },
  async ({ play, topic, group }) => {
    await topic.append(events(5, 0))
    const rows = byPartition(await play.measure({ logStart: { 0: '2' } }))
    mistake(
      'measuring-commits',
      Object.values(await group.committed()).some((offset) => offset !== null),
      'The group had no commit, and has one since its lag was measured: it will skip everything before that. Looking at a group must not move it.',
    )
    mistake(
      'uncommitted-left-out',
      rows.length < 3,
      'Partitions without a commit have no row at all. A partition that nobody reads is the one that somebody should hear of.',
    )
    const [first] = rows
    mistake(
      'minus-one-as-offset',
      first?.lag === '6',
      'Five records were ever written here, and the lag is 6. Kafka says -1 where a group has no commit; that is no offset.',
    )
    mistake(
      'no-commit-no-lag',
      first?.lag === '0',
      'Three records are stored, the group has read none of them, and its lag is called 0.',
    )
    mistake(
      'log-begins-at-zero',
      first?.lag === '5',
      'Two of the five records were deleted before the group came. What is not stored cannot be waiting for it.',
    )
    expect(rows).toMatchObject([
      { partition: 0, committed: null, end: '5', lag: '3' },
      { partition: 1, committed: null, end: '0', lag: '0' },
      { partition: 2, committed: null, end: '0', lag: '0' },
    ])
  },
)

check(
  'end-is-no-count',
  'The end of a log is a place and no count: it stays where it is when old records are deleted',
  { after: 'no-commit', about: 'computeLag' },
  async ({ play, topic }) => {
    await topic.append(events(8, 0))
    const [first] = byPartition(await play.measure({ logStart: { 0: '3' }, committed: { 0: '5' } }))
    mistake(
      'count-minus-offset',
      first?.lag === '0',
      'Five records are stored, the group has committed 5, and that is taken for "all done". Five is how many there are; the other five is a place, with three records behind it.',
    )
    expect(first).toMatchObject({ partition: 0, committed: '5', end: '8', lag: '3' })
  },
)

check(
  'markers-count',
  'Offsets are not records: after transactions, a group that was given everything may still have lag',
  { after: 'distance', about: 'computeLag' },
  async ({ play, topic }) => {
    const { read, rows } = await play.measureTransactions()
    expect(read, 'what the group was given').toEqual(['commit', 'commit'])
    expect(await topic.endOffsets()).toMatchObject({ 0: '6' })
    // A marker, two aborted records, a marker.
    expect(byPartition(rows)[0]).toMatchObject({ committed: '2', end: '6', lag: '4' })
  },
)

check(
  'compaction-leaves-gaps',
  'Compaction takes records out of a log and moves no offset: a lag of nine may be three records',
  { after: 'distance', about: 'computeLag' },
  async ({ play, topic, topicNamed }) => {
    const prices = topicNamed(`${topic.name}-prices`)
    await writeCompactedPrices(prices)
    const { before, read, after } = await play.measureNewGroup({ topic: prices.name, records: 3 })
    expect(read, 'what the group was given').toEqual(['last of A', 'last of B', 'last of C'])
    expect(before).toMatchObject([{ partition: 0, committed: null, end: '9', lag: '9' }])
    expect(after).toMatchObject([{ partition: 0, committed: '9', end: '9', lag: '0' }])
  },
)

check(
  'work-in-hand',
  'What a member has fetched is lag until it is committed, however far it has read',
  { after: 'distance', about: 'computeLag' },
  async ({ play, topic, group }) => {
    await topic.append(events(5, 0))
    const [first] = byPartition(await play.measureAtWork())
    expect(first).toMatchObject({ partition: 0, committed: '2', end: '5', lag: '3' })
    expect(await group.committed()).toMatchObject({ 0: '2' })
  },
)

check(
  'total',
  'The total is a sum of offsets of 64 bits, and says nothing about a single partition',
  { about: 'diagnose' },
  async ({ answer }) => {
    const samples = [sample([100, 3, 0]), sample([90, 5, 2])]
    const { total } = await answer.diagnose(samples, 3, 2)
    mistake(
      'adds-text',
      /^0?9052$/.test(String(total)),
      'The lags were put side by side and not added: kafkajs gives offsets as text, and plus joins text.',
    )
    mistake(
      'first-sample-counts',
      total === '103',
      'The total is that of the first sample. What was so then is over; the lag of today is in the last one.',
    )
    expect(total).toBe('97')
  },
)
