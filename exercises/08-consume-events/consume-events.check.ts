import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check, events } from './consume-events.handling.ts'

check(
  'every-partition',
  'Every partition counts its own offsets, and has a commit of its own',
  { after: 'next-offset' },
  async ({ play, topic, group }) => {
    await topic.append([...events(5, 0), ...events(1, 1), ...events(2, 2)])
    const { report } = await play.consume({ max: 8 })
    const committed = await group.committed()
    const values = Object.values(committed)
    mistake(
      'one-offset-for-all',
      values.every((offset) => offset === '5'),
      'All partitions got the highest offset of one of them: in the others, the group has skipped records that are still to come.',
    )
    mistake(
      'count-as-offset',
      values.includes('8'),
      'The commit is a count of handled events: an offset is a place in one partition, and the count runs over all of them.',
    )
    expect(committed).toEqual({ 0: '5', 1: '1', 2: '2' })
    expect(report).toMatchObject({ handled: 8, committed: { 0: '5', 1: '1', 2: '2' } })
  },
)

check(
  'crash',
  'After a crash a group goes on at its last commit: what it handled after that, it handles again',
  { after: ['failed-record', 'every-partition'] },
  async ({ play, topic, group, sessionTimeoutMs }) => {
    await topic.append(events(4))
    const crashing = play.consume({ max: 4, sessionTimeout: sessionTimeoutMs })
    await crashing.paused('handling', 3)
    const [committed] = Object.values(await group.committed())
    await crashing.kill()
    mistake(
      'commit-per-batch',
      committed === null,
      'A batch was to be committed as a whole, so a crash in it repeats every record of it that was already handled.',
    )
    const { handled } = await play.consume({ max: 2, sessionTimeout: sessionTimeoutMs })
    expect(handled.map(({ at }) => at?.offset)).toEqual(['2', '3'])
  },
)

check(
  'second-run',
  'A group that has committed everything finds nothing to do, although fromBeginning is on',
  { after: 'every-partition' },
  async ({ play, topic }) => {
    await topic.append([...events(2, 0), ...events(1, 1)])
    await play.consume({ max: 3 })
    const second = await play.consume({ max: 3 })
    expect(second.handled).toEqual([])
    expect(second.report?.handled).toBe(0)
    expect(second.report?.committed).toEqual({})
  },
)

check(
  'max-in-all',
  'kafkajs fetches more than you asked for: what you did not handle stays for the next reader',
  { after: 'every-partition' },
  async ({ play, topic, group }) => {
    await topic.append([...events(4, 0), ...events(4, 1)])
    const { handled } = await play.consume({ max: 2 })
    const perPartition = [0, 1].map(
      (partition) => handled.filter(({ at }) => at?.partition === partition).length,
    )
    mistake(
      'max-per-partition',
      `${perPartition}` === '2,2',
      'Each partition was counted for itself: how many partitions a topic has is not for a limit to depend on.',
    )
    mistake(
      'whole-batch',
      handled.length === 4 && perPartition.includes(4),
      'A batch is what one fetch happened to bring; it went on to its last record although the limit was reached before.',
    )
    expect(handled.length, 'events handled with a limit of 2').toBe(2)
    const committed = Object.values(await group.committed()).map((offset) => Number(offset ?? 0))
    expect(
      committed.reduce((sum, offset) => sum + offset, 0),
      'records committed in all',
    ).toBe(2)
  },
)

check(
  'max-zero',
  'A limit of zero takes no event and moves no offset',
  { after: 'max-in-all' },
  async ({ play, topic, group }) => {
    await topic.append(events(2))
    const { handled, report } = await play.consume({ max: 0 })
    mistake(
      'max-zero-takes-one',
      handled.length === 1,
      'The limit is looked at after the work, so that the first event is always taken.',
    )
    expect(handled).toEqual([])
    expect(report?.handled).toBe(0)
    expect(await group.committed()).toEqual({ 0: null, 1: null, 2: null })
  },
)

check(
  'leaves-the-group',
  'A consumer that has stopped has left its group, and its partitions are free for others at once',
  { after: 'from-the-start' },
  async ({ play, topic, group }) => {
    await topic.append(events(2))
    const playing = play.consume({ max: 2 })
    const returned = await playing.paused('returned')
    const state = await group.state()
    returned.go()
    await playing
    mistake(
      'left-running',
      state === 'Stable',
      'It is still a member of its group: it keeps its partitions, and goes on fetching records that nobody handles.',
    )
    expect(state).toBe('Empty')
  },
)

check(
  'stopped-at-work',
  'What is committed the broker decides: after stop() was called, a commit by hand may never reach it',
  { after: ['unreadable-value', 'crash', 'second-run', 'max-zero', 'leaves-the-group'] },
  async ({ play, topic, group }) => {
    await topic.append(events(4))
    const report = await play.stoppedAtWork({ max: 4 })
    const claimed = report.committed[0]
    const [committed] = Object.values(await group.committed())
    mistake(
      'claims-uncommitted',
      Number(claimed) > Number(committed),
      'The consumer was stopped while an event was at work. The report says that it is committed; the broker has heard nothing of it, and the group will handle it again.',
    )
    // The event at work may be committed or not; the one before it must be.
    expect(['1', committed], 'committed, as the report has it').toContain(claimed)
  },
)
