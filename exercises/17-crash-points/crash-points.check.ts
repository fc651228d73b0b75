import './crash-points.consumer.ts'
import { expect } from 'vitest'
import { order } from '#bookstore'
import { mistake } from '#workbook/check'
import {
  type Consumer,
  check,
  DUPLICATED,
  LOST,
  NEITHER,
  type Producer,
  plan,
  sending,
  told,
} from './crash-points.plans.ts'
import type { DeliveryPlan, Outcome, Trouble } from './crash-points.ts'

check(
  'request-lost',
  'A request that never got to the broker is lost, unless the producer waits for an answer and tries again',
  { about: 'simulate' },
  async ({ answer }) => {
    const outcomes = await answer.simulate.each([
      sending({ retries: 0 }, 'request-lost'),
      sending({ retries: 1 }, 'request-lost'),
      sending({ retries: 1 }, 'request-lost', 'request-lost'),
      sending({ retries: 2, acks: 1 }, 'request-lost', 'request-lost'),
      sending({ retries: 5, acks: 0 }, 'request-lost'),
    ])
    const shown = outcomes.map(told)
    mistake(
      'retries-never-end',
      shown[1] === NEITHER && shown[2] === NEITHER,
      'Two attempts were lost, one retry was allowed, and the event arrived. A producer gives up at some point, and then somebody has to know what to do with the event.',
    )
    mistake(
      'asks-without-answer',
      shown[4] === NEITHER,
      'With acks 0 the broker answers nothing, so the producer cannot notice that something is missing: there is no error that would make it try again.',
    )
    expect(shown).toEqual([LOST, NEITHER, LOST, NEITHER, LOST])
  },
)

check(
  'answer-lost',
  'A lost answer looks to the producer like a lost request, and its retry stores the event a second time',
  { after: 'request-lost', about: 'simulate' },
  async ({ answer }) => {
    const outcomes = await answer.simulate.each([
      sending({ retries: 0 }, 'answer-lost'),
      sending({ retries: 1, acks: 1 }, 'answer-lost'),
      sending({ retries: 1, acks: 'all' }, 'answer-lost'),
      sending({ retries: 5, acks: 0 }, 'answer-lost'),
      sending({ retries: 3 }, 'answer-lost', 'request-lost', 'answer-lost'),
    ])
    const shown = outcomes.map(told)
    mistake(
      'error-means-not-stored',
      shown[0] === LOST,
      'The producer got an error, and the event was counted as lost. The error says only that no answer came: the event lies in the log, and is handled.',
    )
    mistake(
      'acks-all-no-duplicates',
      shown[1] === DUPLICATED && shown[2] === NEITHER,
      'With acks 1 the retry made a second copy, with acks all it made none. acks says when the broker answers; it does not make the broker compare what comes with what it has.',
    )
    expect(shown).toEqual([NEITHER, DUPLICATED, DUPLICATED, NEITHER, DUPLICATED])
  },
)

check(
  'leader-lost',
  'What one broker alone has written dies with it: acks says how many have it when the answer comes',
  { after: 'answer-lost', about: 'simulate' },
  async ({ answer }) => {
    const outcomes = await answer.simulate.each([
      sending({ retries: 1, acks: 1 }, 'leader-lost'),
      sending({ retries: 1, acks: 'all' }, 'leader-lost'),
      sending({ retries: 0, acks: 'all' }, 'leader-lost'),
      sending({ retries: 1, acks: 0 }, 'leader-lost'),
    ])
    const shown = outcomes.map(told)
    mistake(
      'answered-means-safe',
      shown[0] === NEITHER,
      'With acks 1 the leader answered before anybody else had a copy, and then it was gone. The producer has its answer and will not try again, and still the event was counted as safe.',
    )
    expect(shown, 'acks 1, all, all without retry, 0').toEqual([LOST, NEITHER, LOST, LOST])
  },
)

check(
  'idempotent-producer',
  'An idempotent producer may retry: the broker recognises what this producer has sent before',
  { after: 'answer-lost', about: 'simulate' },
  async ({ answer }) => {
    const outcomes = await answer.simulate.each([
      sending({ retries: 2, idempotent: true }, 'answer-lost'),
      sending({ retries: 2, idempotent: true }, 'answer-lost', 'answer-lost'),
      sending({ retries: 2, idempotent: true }, 'request-lost', 'answer-lost'),
    ])
    expect(outcomes.map(told)).toEqual([NEITHER, NEITHER, NEITHER])
  },
)

check(
  'new-session',
  'A producer that was started anew is another producer: the broker does not recognise what it sends again',
  { after: 'idempotent-producer', about: 'simulate' },
  async ({ answer }) => {
    const outcomes = await answer.simulate.each([
      sending({ retries: 1, idempotent: true }, 'producer-restarted'),
      sending({ retries: 0 }, 'producer-restarted'),
      sending({ retries: 1, idempotent: true }, 'producer-restarted', 'answer-lost'),
      sending({ retries: 0, idempotent: false }, 'producer-restarted', 'request-lost'),
    ])
    const shown = outcomes.map(told)
    mistake(
      'idempotence-outlives-process',
      shown[0] === NEITHER,
      'The process died after the event was stored, its next life sent the event once more, and the broker was to see that they are the same. It knows producers by an id, and the new process has got a new one.',
    )
    expect(shown).toEqual([DUPLICATED, DUPLICATED, DUPLICATED, NEITHER])
  },
)

check(
  'not-for-consumers',
  'The idempotent producer keeps the log free of copies; how often a record is read is another matter',
  { after: ['idempotent-producer', 'commit-per-batch'], about: 'simulate' },
  async ({ answer }) => {
    const producer: Producer = { acks: 'all', retries: 5, idempotent: true }
    const outcomes = await answer.simulate.each([
      plan({ producer, crashes: [1] }),
      plan({ producer, consumer: { commit: 'before-work', batch: 1 }, crashes: [1] }),
    ])
    mistake(
      'idempotence-dedups-rereads',
      told(outcomes[0] as Outcome) === NEITHER,
      'The consumer read EVT-1 again after its crash and did the work twice, and an idempotent producer was to prevent that. The log has the event once; nothing in the log says how often it was handled.',
    )
    expect(outcomes.map(told)).toEqual([DUPLICATED, LOST])
  },
)

check(
  'effects-count',
  'What counts is how often the work was done: one trouble can make up for another',
  { after: ['not-for-consumers', 'new-session', 'more-crashes'], about: 'simulate' },
  async ({ answer }) => {
    const twice = { producer: { acks: 'all', retries: 1, idempotent: false } as Producer, events: ['EVT-1'] }
    const trouble: DeliveryPlan['trouble'] = { 'EVT-1': ['answer-lost'] }
    const consumer: Consumer = { commit: 'before-work', batch: 1 }
    const outcomes = await answer.simulate.each([
      plan({ ...twice, trouble, consumer, crashes: [1] }),
      plan({ ...twice, trouble, consumer, crashes: [1, 2] }),
      plan({ ...twice, trouble, crashes: [1] }),
    ])
    mistake(
      'causes-not-effects',
      told(outcomes[0] as Outcome) === 'lost 1 · duplicated 1',
      'A retry had stored EVT-1 twice, and a crash kept one of the copies from being handled. So the work was done once; and yet the event was called both lost and duplicated.',
    )
    expect(outcomes.map(told)).toEqual([NEITHER, LOST, DUPLICATED])
  },
)

check(
  'promises',
  'At most once and at least once are promises for every crash point, and both ends have to keep them',
  { after: ['effects-count', 'leader-lost'], about: 'simulate' },
  async ({ answer, random }) => {
    const events = ['EVT-1', 'EVT-2', 'EVT-3', 'EVT-4', 'EVT-5']
    const troubles: Trouble[] = ['request-lost', 'answer-lost', 'leader-lost']
    const trials = Array.from({ length: 300 }, () => ({
      batch: random.int(1, 4),
      crashes: Array.from({ length: 30 }, (_, step) => step).filter(() => random.int(1, 5) === 1),
      trouble: Object.fromEntries(
        events.map((id) => [id, Array.from({ length: random.int(0, 3) }, () => random.pick(troubles))]),
      ),
    }))
    const played = (producer: Producer, commit: Consumer['commit']) =>
      answer.simulate.each(
        trials.map(({ batch, ...rest }) => plan({ events, producer, consumer: { commit, batch }, ...rest })),
      )
    const atMostOnce = await played({ acks: 1, retries: 0, idempotent: false }, 'before-work')
    const atLeastOnce = await played({ acks: 'all', retries: 3, idempotent: true }, 'after-work')
    for (const [at, { crashes }] of trials.entries()) {
      expect(atMostOnce[at]?.duplicated, `commit before the work, crashes ${crashes}`).toEqual([])
      expect(atLeastOnce[at]?.lost, `commit after the work, crashes ${crashes}`).toEqual([])
    }
  },
)

const shelf = { 'stock:978-0-13-468599-1': '10' }
const copies = (rows: Record<string, string>) => Number(rows['stock:978-0-13-468599-1'])

check(
  'once-per-event',
  'At least once means that an event can come again, and its id tells that it is the same one',
  { about: 'idempotent' },
  async ({ play }) => {
    const placed = order('ORD-1042')
    const more = order('ORD-1042', { eventId: 'EVT-ORD-1042-2' })
    const { rows } = await play.inventory({ rows: shelf, events: [placed, placed, more, placed, more] })
    mistake(
      'dedup-by-order',
      copies(rows) === 9,
      'The reader ordered a second copy with the same order, and it was taken for a repetition. An order has many events; only its id makes an event the same.',
    )
    expect(copies(rows), 'copies left of 10, after two events in five deliveries').toBe(8)
  },
)

check(
  'after-a-restart',
  'An event comes again above all after a restart, when the memory of the process is gone',
  { after: 'once-per-event', about: 'idempotent' },
  async ({ play }) => {
    const event = order('ORD-1042')
    const first = await play.inventory({ rows: shelf, events: [event] })
    const second = await play.inventory({ rows: first.rows, events: [event] })
    mistake(
      'remembers-in-process',
      copies(first.rows) === 9 && copies(second.rows) === 8,
      'The process was started anew, the event came again, and a second copy was taken off the shelf. What the process had noted went with it.',
    )
    expect(copies(second.rows), 'copies left of 10').toBe(9)
  },
)

check(
  'all-or-nothing',
  'The effect and the note that it is done belong together: no crash may come between them',
  { after: 'after-a-restart', about: 'idempotent' },
  async ({ play }) => {
    const left = await play.dieAtEveryStep()
    mistake(
      'mark-before-effect',
      left.includes(10),
      'The service died when the event was noted as done and the copy was still on the shelf. The event came again, and was taken for done: this order gets no book.',
    )
    mistake(
      'effect-before-mark',
      left.includes(8),
      'The service died when the copy was off the shelf and the event was not yet noted as done. The event came again, and a second copy was taken.',
    )
    expect(left, 'copies left of 10, for a crash before each step').toEqual(left.map(() => 9))
  },
)

check(
  'failed-is-not-done',
  'A handler that failed has not done its work: the caller must hear of it, and the event must be free to come again',
  { after: 'all-or-nothing', about: 'idempotent' },
  async ({ play }) => {
    const event = order('ORD-1042')
    const { rows, failures } = await play.inventory({ rows: shelf, events: [event, event], failing: 1 })
    mistake(
      'error-swallowed',
      failures[0] === null,
      'The disk was full, and the caller was told that all went well: it will commit, and nobody handles this event again.',
    )
    mistake(
      'failed-is-done',
      !('reserved:ORD-1042' in rows),
      'The first attempt failed halfway. The second one found the event noted as done, so the other half was never done.',
    )
    expect(failures).toEqual(['disk full', null])
    expect(copies(rows), 'copies left of 10').toBe(9)
  },
)

check(
  'two-at-once',
  'While a group rebalances, its old and its new member may hold the same event at the same time',
  { after: 'all-or-nothing', about: 'idempotent' },
  async ({ play }) => {
    const left = await play.twoAtOnce()
    mistake(
      'asked-too-early',
      left === 8,
      'Two members asked whether the event was done, both heard no, and both did it. Between the question and the work, the answer had become old.',
    )
    expect(left, 'copies left of 10').toBe(9)
  },
)
