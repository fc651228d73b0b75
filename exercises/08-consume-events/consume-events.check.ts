import { expect } from 'vitest'
import { order } from '#bookstore'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './consume-events.scenes.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url)

/** Some events for one partition. */
const events = (count: number, partition = 0) =>
  Array.from({ length: count }, (_, index) => ({
    partition,
    value: JSON.stringify(order(`ORD-${partition}${index}`)),
  }))

check(
  'from-the-start',
  'A new group with fromBeginning reads every partition from its first record on, offset by offset',
  async ({ play, topic, wire }) => {
    await topic.append([...events(3, 0), ...events(2, 2)])
    const playing = play.consume({ max: 5 })
    const hung = await playing.outcome().then(
      () => false,
      ({ ending }) => ending === 'deadline',
    )
    const lastRequest = wire.requests().at(-1)
    mistake(
      'waits-for-itself',
      hung && lastRequest?.api === 'OffsetCommit',
      'After its last commit the consumer neither fetched again nor left its group: the function that is at work waits for something that comes only when it has returned.',
      lastRequest,
    )
    const { handled, report, quiet } = await playing
    mistake(
      'starts-at-the-end',
      quiet && handled.length === 0,
      'A group without a commit begins at the end by default: what was stored before it came, it never sees.',
    )
    const joined = wire.requests('JoinGroup').length > 0
    mistake(
      'run-is-not-the-end',
      joined && !quiet && handled.length < 5,
      'run() resolves when the consumer has joined its group; at that moment, not one record has been fetched.',
    )
    // The partitions may come in any order; inside each, the offsets may not.
    const places = handled.map(({ at }) => `${at?.partition}:${at?.offset}`)
    const byPartition = places.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    expect(byPartition, 'partition:offset of what was handled').toEqual(['0:0', '0:1', '0:2', '2:0', '2:1'])
    const last = handled.find(({ at }) => at?.partition === 2 && at.offset === '1')
    expect(last).toMatchObject({ event: order('ORD-21'), at: { topic: topic.name } })
    expect(report?.handled, 'handled').toBe(5)
  },
)

check(
  'one-by-one',
  'An event is handled when its handler has finished, not when it was called',
  { after: 'from-the-start' },
  async ({ play, topic }) => {
    await topic.append(events(3))
    const { mostAtOnce, finished } = await play.slowHandler({ max: 3 })
    mistake(
      'handler-not-awaited',
      mostAtOnce > 1,
      'The next event was handed out while a handler was still at work: their order is gone, and a failure comes too late to be noticed.',
    )
    expect(finished, 'handlers that had finished').toBe(3)
  },
)

check(
  'next-offset',
  'A committed offset says where the next reader of the group begins',
  { after: 'from-the-start' },
  async ({ play, topic, group }) => {
    await topic.append(events(3))
    await play.consume({ max: 3 })
    const [committed] = Object.values(await group.committed())
    mistake(
      'never-committed',
      committed === null,
      'Nothing was committed: whoever comes next in this group begins again and handles all three once more.',
    )
    mistake(
      'last-handled',
      committed === '2',
      'The commit names the last record that was handled, so the next reader begins with it and handles it again.',
    )
    mistake(
      'text-plus-one',
      committed === '21',
      'Offsets come as text, and text plus 1 makes longer text: the group is now far behind the end of the log.',
    )
    expect(committed).toBe('3')
  },
)

check(
  'after-the-work',
  'A commit says "done": it belongs after the work, one record at a time',
  { after: ['one-by-one', 'next-offset'] },
  async ({ play, topic, group }) => {
    await topic.append(events(2))
    const playing = play.consume({ max: 2 })
    const first = await playing.paused('handling')
    const [whileWorking] = Object.values(await group.committed())
    first.go()
    await playing
    mistake(
      'commit-before-handler',
      whileWorking === '1' || whileWorking === '2',
      'While the handler was at work, its record was already committed: a crash at this moment loses it for this group.',
    )
    expect(whileWorking).toBe(null)
  },
)

check(
  'failed-record',
  'A record whose handler failed is not done, and the caller must hear of it',
  { after: 'after-the-work' },
  async ({ play, topic, group }) => {
    await topic.append(events(3))
    const playing = play.consume({ max: 3 })
    const third = await playing.paused('handling', 3)
    const [before] = Object.values(await group.committed())
    const again = playing.paused('handling', 4).then(
      () => true,
      () => false,
    )
    third.throw('disk full')
    mistake(
      'kafkajs-retries',
      await again,
      'An error that leaves eachMessage goes to kafkajs and not to your caller: it hands out the same record again, and starts the consumer anew when that fails too.',
    )

    const { threw } = await playing.outcome()
    const [after] = Object.values(await group.committed())
    mistake(
      'swallowed-error',
      threw === undefined,
      'The handler failed, and the caller was told that all went well.',
    )
    mistake(
      'auto-commit-left-on',
      before === null && after === '3',
      'kafkajs still commits by itself at the end of a batch: for it, a record is done when your function returned, also when the handler had failed.',
    )
    mistake(
      'commit-failed-record',
      after === '3',
      'The failed record was committed: this group will never see it again.',
    )
    expect(threw?.message).toContain('disk full')
  },
)

check(
  'unreadable-value',
  'Kafka stores any bytes: one day a value is not JSON, and somebody must be told',
  { after: 'failed-record' },
  async ({ play, topic, group }) => {
    await topic.append([...events(1), { value: 'order 1042, two books' }, ...events(1)])
    const { threw, returned } = await play.consume({ max: 3 }).outcome()
    const [committed] = Object.values(await group.committed())
    const handled = returned?.handled.length ?? 0
    mistake(
      'skips-unreadable',
      handled > 1,
      'What could not be read was skipped: an order may be lost in it, and nobody will ever look.',
    )
    mistake(
      'stops-in-silence',
      handled === 1,
      'A SyntaxError that leaves eachMessage makes kafkajs stop the consumer for good; to your caller it looked like an ordinary end.',
    )
    expect(threw?.name, 'the error of the caller').toBeTypeOf('string')
    expect(['1', null], 'committed after an unreadable record at offset 1').toContain(committed)
  },
)

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
