import { isDeepStrictEqual } from 'node:util'
import { expect, vi } from 'vitest'
import { order } from '#bookstore'
import { checksFor, mistake, type Pause, type Playing } from '#workbook/check'
import type * as scenes from './retry.scenes.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url, { deadlineMs: 20_000 })

/** What the scene hands over, unless a check says otherwise. */
const ATTEMPTS = 3

check(
  'keeps-its-place',
  'An event that failed is not done: it is handed out again before anything behind it, and its offset is not committed',
  async (tools) => {
    const config = { initialDelayMs: 300, maxDelayMs: 300 }
    const shift = await openShop(tools, events(2), { fails: { '0:0': { times: 1 } }, config }, 2)
    const { detail, go } = await shift.held
    const committed = (await tools.group.committed())[0]
    mistake(
      'gives-up-at-once',
      (await shift.letters()).length > 0,
      'The first failure was taken for the last word. A service that is away for a second fills the dead-letter topic with events that nothing is wrong with.',
    )
    mistake(
      'retries-in-background',
      detail === '0:1',
      'While one event waited for its next attempt, the next one of its partition was handed out: their order is gone, and for kafkajs the first one is done, so a crash in the pause loses it.',
    )
    mistake(
      'commit-before-done',
      committed === '1' || committed === '2',
      'The event was at its second attempt, and committed already: when the process dies now, it is neither handled nor a dead letter.',
    )
    go()
    await shift.done()
    await shift.ends()
    expect(shift.handedOut).toEqual(['0:0', '0:0', '0:1'])
  },
)

check(
  'transient',
  'What fails now may work in a moment: a failure is final only when the attempts of its event are used up',
  { after: 'keeps-its-place' },
  async (tools) => {
    const fails = { '0:0': { times: 2 }, '0:1': { times: 2 } }
    const shift = await openShop(tools, events(2), { fails })
    await shift.done()
    await shift.ends()
    mistake(
      'one-count-for-all',
      shift.count('0:0') === 3 && shift.count('0:1') < 3,
      'The failures of one event used up the attempts of the next one: they are counted together, and after a bad night every event has one attempt only.',
    )
    expect(shift.handedOut).toEqual(['0:0', '0:0', '0:0', '0:1', '0:1', '0:1'])
    expect(await shift.letters(), 'dead letters').toEqual([])
  },
)

check(
  'poison',
  'A record that fails every time has to leave the way, or nothing behind it in its partition is ever handled',
  { after: 'transient' },
  async (tools) => {
    const three = events(3)
    const shift = await openShop(tools, three, { fails: { '0:1': {} } })
    await shift.done(() => shift.count('0:1') > ATTEMPTS + 1)
    mistake(
      'poison-loop',
      shift.count('0:1') > ATTEMPTS + 1,
      'The same record was handed out again and again, far more often than it has attempts. kafkajs gives up on a consumer and starts it anew, at the same record; it never gives up on a record. All that lies behind it waits for ever.',
    )
    mistake(
      'one-event-stops-all',
      shift.isDown(),
      'One record that could not be handled ended the whole service. Whoever starts it again meets the same record first.',
    )
    const stored = await shift.firstLetters()
    const { report } = await shift.ends()
    mistake(
      'swallowed',
      stored.length === 0,
      'The record was given up, and committed, and lies nowhere: an order that nobody handled, and nobody will ever miss it but the reader who waits.',
    )
    mistake(
      'one-attempt-too-many',
      shift.count('0:1') === ATTEMPTS + 1,
      'The attempts were counted without the first one, so the event was handed out once more than agreed.',
    )
    expect(shift.handedOut).toEqual(['0:0', '0:1', '0:1', '0:1', '0:2'])
    expect(stored.map(({ value }) => value)).toEqual([three[1]?.value])
    expect(report).toMatchObject({ handled: 2, deadLettered: 1 })
  },
)

check(
  'refused',
  'Until the broker has acknowledged a dead letter there is none, so nothing may be committed for its record',
  { after: 'poison' },
  async (tools) => {
    const { group, wire } = tools
    wire.fault({ api: 'Produce', times: 'every', error: 'TOPIC_AUTHORIZATION_FAILED', delayMs: 300 })
    const shift = await openShop(tools, events(2), { fails: { '0:0': {} } })
    const sent = () => wire.requests('Produce')
    await shift.done(() => shift.count('0:1') > 0 || shift.count('0:0') > ATTEMPTS || sent().length > 3)
    const { threw } = await shift.outcome()
    const commit = wire.commits().find(({ offset }) => offset > 0n)?.exchange
    const committed = Number((await group.committed())[0] ?? 0) > 0
    mistake(
      'commit-before-dead-letter',
      committed && (commit?.requestAtMs ?? 0) < (sent()[0]?.responseAtMs ?? Number.POSITIVE_INFINITY),
      'The record was committed before the broker had answered for its dead letter, and then the broker refused that: the record is in neither place, and the group never comes back to it.',
      commit,
    )
    mistake(
      'dead-letter-failure-ignored',
      committed,
      'The broker refused the dead letter, that was taken note of, and the record was committed all the same: a line in a log file is all that is left of an order.',
      commit,
    )
    mistake(
      'dies-in-silence',
      threw === undefined && shift.hasCrashed(),
      'The dead letter was refused, kafkajs stopped the consumer for good, and nobody was told. The service looks alive, and the end of its shift looked like any other.',
    )
    expect(shift.handedOut).not.toContain('0:1')
    expect(await shift.letters(), 'dead letters').toEqual([])
  },
)

check(
  'backoff',
  'Whoever is out of order needs time: each pause is longer than the one before it',
  { after: 'poison' },
  async (tools) => {
    const config = { attempts: 5, initialDelayMs: 100, maxDelayMs: 300 }
    const shift = await openShop(tools, events(1), { fails: { '0:0': { times: 4 } }, config })
    await shift.done()
    const { calls } = await shift.ends()
    const pauses = calls.slice(1).map(({ from }, index) => from - (calls[index]?.to ?? 0))
    // Timers of Node may be early by a part of a millisecond, and a pause may be made of several.
    const enough = [100, 200, 300, 300].map((ms, index) => (pauses[index] ?? 0) >= 0.9 * ms)
    mistake(
      'no-backoff',
      enough[0] === false,
      'The next attempt came at once. A service that has just said that it is overloaded gets all attempts within one breath, and the event is given up before anything could have changed.',
    )
    mistake(
      'pause-does-not-grow',
      enough.includes(false),
      'The pauses do not double: a service that needs longer to come back is asked as often as one that only stumbled.',
    )
    expect(pauses.length).toBe(4)
  },
)

check(
  'bounded',
  'What doubles again and again soon lasts for hours: a pause needs a limit',
  { after: 'backoff', deadlineMs: 10_000 },
  async (tools) => {
    const config = { attempts: 16, initialDelayMs: 20, maxDelayMs: 40 }
    const shift = await openShop(tools, events(1), { fails: { '0:0': {} }, config })
    await shift.done()
    mistake(
      'unbounded-backoff',
      shift.isOver() && shift.count('0:0') > 5 && shift.count('0:0') < 16,
      'The pauses went on doubling beyond the limit. The 16th attempt would have come after eleven minutes, and the partition waits with it.',
    )
    await shift.ends()
    expect(shift.count('0:0')).toBe(16)
  },
)

check(
  'waits-alive',
  'A member that waits has to say that it is alive, as one that works has to',
  { after: 'poison' },
  async (tools) => {
    const { group, sessionTimeoutMs: sessionTimeout } = tools
    const pauseMs = 2 * sessionTimeout
    const config = { initialDelayMs: pauseMs, maxDelayMs: pauseMs }
    const given = { fails: { '0:0': { times: 1 } }, config, sessionTimeout }
    const shift = await openShop(tools, events(1), given)
    await shift.until(() => shift.count('0:0') === 1)
    let expelled = false
    await shift.until(async () => {
      expelled ||= (await group.members()).length === 0
      return expelled || shift.count('0:0') === 2
    })
    mistake(
      'expelled-while-waiting',
      expelled,
      'The pause was longer than the session timeout, no heartbeat came meanwhile, and the group took the member for dead: somebody else gets the event, begins its attempts from one, and waits as silently.',
    )
    await shift.done()
    await shift.ends()
    expect(shift.handedOut).toEqual(['0:0', '0:0'])
  },
)

check(
  'rebalance',
  'While an event waits, its group may rebalance: the answer to a heartbeat then is an error, and no reason to die',
  { after: 'waits-alive' },
  async (tools) => {
    const { play, wire } = tools
    const config = { initialDelayMs: 2_000, maxDelayMs: 2_000 }
    const first = await openShop(tools, events(1), { fails: { '0:0': { times: 1 } }, config })
    await first.until(() => first.count('0:0') === 1)
    const second = onShift(play.work({ config }))
    await second.until(
      () => first.isOver() || (second.hasJoined() && wire.requests('Heartbeat').some(refused)),
    )
    await first.done()
    const { threw } = await first.outcome()
    await second.ends()
    mistake(
      'unhandled-heartbeat',
      threw?.type === 'REBALANCE_IN_PROGRESS',
      'A heartbeat in the pause was answered with REBALANCE_IN_PROGRESS, nobody caught that, and the process died of it.',
      wire.requests('Heartbeat').find(refused),
    )
    expect(threw?.message).toBe(undefined)
    expect(await first.letters(), 'dead letters').toEqual([])
  },
)

check(
  'hopeless',
  'Some failures are final the first time: to try these again only makes others wait',
  { after: 'refused' },
  async (tools) => {
    const fails = { '0:0': { error: 'retriable: false' }, '0:1': { error: 'TypeError' } } as const
    const shift = await openShop(tools, events(3), { fails })
    await shift.done()
    mistake(
      'retries-the-hopeless',
      shift.count('0:0') > 1,
      'The handler said "retriable: false", and was called again with the same event. All that was won is a pause for everything behind it.',
    )
    mistake(
      'retries-bugs',
      shift.count('0:1') > 1,
      'A TypeError is a mistake in the program, and the program is the same at the next attempt.',
    )
    await shift.ends()
    expect(shift.handedOut).toEqual(['0:0', '0:1', '0:2'])
    expect((await shift.letters()).length, 'dead letters').toBe(2)
  },
)

check(
  'unreadable',
  'Kafka stores any bytes, and none at all: what cannot be read is set aside before kafkajs takes it for a bug and stops',
  { after: 'hopeless' },
  async (tools) => {
    const [first, last] = events(2)
    const records = [first, { value: 'order 1042, two books' }, { value: null }, last]
    const shift = await openShop(
      tools,
      records.map((record) => ({ value: null, ...record })),
      {},
    )
    await shift.done()
    mistake(
      'stops-on-unreadable',
      shift.isDown(),
      'A value was not JSON. The SyntaxError left eachMessage, kafkajs took it for a bug and stopped the consumer for good, and every restart by hand ends at the same record.',
    )
    await shift.ends()
    const stored = await shift.letters()
    mistake(
      'skips-unreadable',
      stored.length === 0,
      'What could not be read was skipped. There may be an order in it, and nobody will ever look.',
    )
    mistake(
      'null-is-an-event',
      shift.handedOut.includes('0:2'),
      'A record without a value was handed to the handler: text that is made of nothing reads "null", and that is JSON.',
    )
    expect(shift.handedOut).toEqual(['0:0', '0:3'])
    expect(stored.map(({ value }) => value)).toEqual(['order 1042, two books', null])
  },
)

check(
  'as-it-was',
  'A dead letter is evidence: the same bytes, and the same headers, as the record had',
  { after: 'unreadable' },
  async (tools) => {
    const text = `{ "orderId": "${tools.random.orderId()}",\n  "total": 12345678901234567890.10 }`
    const key = Buffer.concat([Buffer.from([0xff, 0]), tools.random.bytes(8)])
    const headers = { trace: ['T-1', 'T-2'], origin: 'till 4' }
    const records = [
      { key, value: Buffer.from(text), headers },
      { key: null, value: Buffer.concat([Buffer.from([0xfe]), tools.random.bytes(20)]), headers: {} },
    ]
    const shift = await openShop(tools, [], { records, fails: { '0:0': {} } })
    await shift.done()
    await shift.ends()
    const [failed, unreadable] = await shift.letters()
    mistake(
      'value-re-encoded',
      failed?.value !== text && isDeepStrictEqual(fromJson(failed?.value), fromJson(text)),
      'The value was read and written again. It means nearly the same, and is not what came: long numbers are rounded, and whoever looks for the fault in the bytes looks at those of your program.',
    )
    mistake(
      'null-key-as-text',
      unreadable?.key === 'null',
      'A record without a key has become one with the key "null".',
    )
    mistake(
      'bytes-as-text',
      failed?.keyBytes?.equals(Buffer.from(key.toString())) ?? false,
      'Key or value went through text, and bytes that are no UTF-8 are something else now. A key need not be text, and neither need be a value that could not be read.',
    )
    mistake(
      'headers-dropped',
      failed?.headers.origin === undefined,
      'The headers that the record came with are gone, and with them its trace through the services.',
    )
    expect(failed?.keyBytes).toEqual(key)
    expect(failed?.valueBytes).toEqual(records[0]?.value)
    expect([unreadable?.keyBytes, unreadable?.valueBytes]).toEqual([null, records[1]?.value])
    expect(failed?.headers).toMatchObject({ trace: 'T-2', origin: 'till 4' })
  },
)

check(
  'fewer-partitions',
  'What kafkajs sends to a partition that does not exist is stored nowhere, and no error says so',
  { after: 'refused' },
  async (tools) => {
    const shift = await openShop(tools, events(1, 2), { fails: { '2:0': {} } })
    await shift.done()
    await shift.outcome()
    const stored = await shift.letters()
    mistake(
      'same-partition-number',
      stored.length === 0,
      'The record came from partition 2, the dead-letter topic has one partition only, and the dead letter lies nowhere: send() resolved with an empty list, without an error.',
    )
    expect(stored.length, 'dead letters').toBe(1)
  },
)

check(
  'says-why',
  'A dead letter says where it comes from and what was wrong, so that somebody can mend it and send it again',
  { after: ['as-it-was', 'fewer-partitions'] },
  async (tools) => {
    const records = [...events(3, 2), { partition: 2, value: '?' }]
    const fails = { '2:1': {}, '2:2': { error: 'text' } } as const
    const shift = await openShop(tools, records, { fails })
    await shift.done()
    mistake(
      'errors-have-messages',
      shift.isDown() && shift.count('2:2') > 0,
      'The handler threw a plain text, which has neither name nor message. The error handling of the service was what stopped it.',
    )
    await shift.ends()
    const from = { 'original-topic': tools.topic.name, 'original-partition': '2' }
    const why = { 'error-message': 'no such book', attempts: '3' }
    const [failed, threwText, unreadable] = (await shift.letters()).map(({ headers }) => headers)
    expect(failed).toMatchObject({ ...from, 'original-offset': '1', ...why, 'error-name': 'Error' })
    expect(threwText).toMatchObject({ ...from, 'original-offset': '2', ...why })
    expect(unreadable).toMatchObject({ ...from, 'original-offset': '3', attempts: '0' })
    expect(Object.keys(unreadable ?? {})).toEqual(expect.arrayContaining(['error-name', 'error-message']))
  },
)

/** More than any check hands out. */
const MOST_CALLS = 40

type Tools = Parameters<Parameters<typeof check>[3]>[0]
type Given = NonNullable<Parameters<Tools['play']['work']>[0]>
type Report = Awaited<ReturnType<typeof scenes.work>>
type Records = Parameters<Tools['topic']['append']>[0]

/** A service on its shift, with records of one partition to handle and a dead-letter topic of one partition. */
async function openShop(tools: Tools, records: Records, given: Given, hold?: number) {
  const { play, topic, topicNamed, group } = tools
  const deadLetters = topicNamed(`${topic.name}-dead-letters`)
  await deadLetters.create({ partitions: 1 })
  await topic.append(records)
  const end = String(records.length + (given.records?.length ?? 0))
  const shift = onShift(play.work(given), hold)
  const letters = () => deadLetters.records()
  return {
    ...shift,
    letters,
    /** The dead letters, as soon as there is one; none when none comes within a second. */
    async firstLetters() {
      const waiting = { timeout: 1_000, interval: 20 }
      await vi.waitUntil(async () => (await letters()).length > 0, waiting).catch(() => {})
      return letters()
    },
    /** Waits until everything is committed, or nobody is there to do that, or for something else. */
    done: (or = () => false) =>
      shift.until(async () => {
        const committed = await group.committed()
        return shift.isDown() || or() || committed[records[0]?.partition ?? 0] === end
      }),
  }
}

/** A service on its shift, which lasts until `ends` or `outcome` is called. It stands still at its `hold`th event. */
function onShift(playing: Playing<Report>, hold?: number) {
  const handedOut: unknown[] = []
  let [over, crashed, joined] = [false, false, false]
  playing.ended().then(() => {
    over = true
  })
  const hear = (label: string, nth: number, then: (pause: Pause) => void) => {
    const pause = playing.paused(label, nth)
    pause.then(then, () => {})
    return pause
  }
  const handling = Array.from({ length: MOST_CALLS }, (_, index) =>
    hear('handling', index + 1, ({ detail, go }) => {
      handedOut.push(detail)
      if (index + 1 !== hold) go()
    }),
  )
  hear('stopped for good', 1, ({ go }) => {
    crashed = true
    go()
  })
  hear('joined', 1, ({ go }) => {
    joined = true
    go()
  })
  const working = hear('working', 1, () => {})
  const close = () => {
    working.then(
      ({ go }) => go(),
      () => {},
    )
    return playing
  }
  return {
    /** `partition:offset` of every event that was handed out so far. */
    handedOut,
    held: handling[(hold ?? 1) - 1] as Promise<Pause>,
    count: (at: string) => handedOut.filter((one) => one === at).length,
    hasJoined: () => joined,
    isOver: () => over,
    /** kafkajs has stopped the consumer for good. */
    hasCrashed: () => crashed,
    /** Nobody reads any more, and nobody has asked for that. */
    isDown: () => over || crashed,
    /** Waits for something to be so, or for the scene to be over. */
    until: (soon: () => boolean | Promise<boolean>) =>
      vi.waitUntil(async () => over || (await soon()), { timeout: 120_000, interval: 20 }),
    ends: async () => close(),
    outcome: () => close().outcome(),
  }
}

/** Some events for one partition. */
function events(count: number, partition = 0) {
  return Array.from({ length: count }, (_, index) => ({
    partition,
    value: JSON.stringify(order(`ORD-${partition}${index}`)),
  }))
}

function fromJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

/** The answer says that the group is rebalancing. */
function refused({ response }: { response: unknown }): boolean {
  return (response as { errorCode: number } | null)?.errorCode === 27
}
