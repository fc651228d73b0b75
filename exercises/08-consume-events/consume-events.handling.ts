// The first checks: how an event is handled, and when it is done. Nothing to edit here.

import { expect } from 'vitest'
import { order } from '#bookstore'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './consume-events.scenes.ts'

export const check = checksFor<{ scenes: typeof scenes }>(import.meta.url)

/** Some events for one partition. */
export const events = (count: number, partition = 0) =>
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
  async ({ play, topic, group, wire }) => {
    await topic.append(events(3))
    await play.consume({ max: 3 })
    const [committed] = Object.values(await group.committed())
    const sent = wire.commits().map(({ offset }) => String(offset))
    mistake(
      'never-committed',
      committed === null,
      'Nothing was committed: whoever comes next in this group begins again and handles all three once more.',
    )
    mistake(
      'last-commit-missing',
      committed === '2' && sent.includes('1') && !sent.includes('0'),
      'Each commit names the next record, and the one for the last record never reached the broker: the next reader handles that record again.',
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
