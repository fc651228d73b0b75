import { isDeepStrictEqual } from 'node:util'
import { expect, vi } from 'vitest'
import { order } from '#bookstore'
import { checksFor, mistake, type Pause, type Playing } from '#workbook/check'
import type * as scenes from './retry.scenes.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url, { deadlineMs: 20_000 })

/** What the scene hands over, unless a check says otherwise. */
const ATTEMPTS = 3

check(
  'transient',
  'What fails now may work in a moment: a failure is final only when the attempts of its event are used up',
  async ({ play, topic, topicNamed, group }) => {
    const letters = await deadLetters(topicNamed, topic.name)
    await topic.append(events(2))
    const shift = onShift(play.work({ fails: { '0:0': { times: 2 }, '0:1': { times: 2 } } }))
    await shift.until(async () => (await group.committed())[0] === '2')
    await shift.ends()
    mistake(
      'gives-up-at-once',
      `${shift.handedOut}` === '0:0,0:1',
      'The first failure was taken for the last word. A service that is away for a second fills the dead-letter topic with events that nothing is wrong with.',
    )
    mistake(
      'one-count-for-all',
      shift.count('0:0') === 3 && shift.count('0:1') < 3,
      'The failures of one event used up the attempts of the next one: they are counted together, and after a bad night every event has one attempt only.',
    )
    expect(shift.handedOut).toEqual(['0:0', '0:0', '0:0', '0:1', '0:1', '0:1'])
    expect(await letters.records(), 'dead letters').toEqual([])
  },
)

check(
  'poison',
  'A record that fails every time has to leave the way, or nothing behind it in its partition is ever handled',
  { after: 'transient' },
  async ({ play, topic, topicNamed, group }) => {
    const letters = await deadLetters(topicNamed, topic.name)
    const three = events(3)
    await topic.append(three)
    const shift = onShift(play.work({ fails: { '0:1': {} } }))
    await shift.until(
      async () => shift.count('0:1') > ATTEMPTS + 1 || (await group.committed())[0] === '3' || shift.isDown(),
    )
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
    const { report } = await shift.ends()
    const stored = await letters.records()
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
  'backoff',
  'Whoever is out of order needs time: each pause is longer than the one before it',
  { after: 'poison' },
  async ({ play, topic, topicNamed, group }) => {
    await deadLetters(topicNamed, topic.name)
    await topic.append(events(1))
    const config = { attempts: 5, initialDelayMs: 100, maxDelayMs: 300 }
    const shift = onShift(play.work({ fails: { '0:0': { times: 4 } }, config }))
    await shift.until(async () => (await group.committed())[0] === '1')
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
  async ({ play, topic, topicNamed, group }) => {
    await deadLetters(topicNamed, topic.name)
    await topic.append(events(1))
    const config = { attempts: 16, initialDelayMs: 20, maxDelayMs: 40 }
    const shift = onShift(play.work({ fails: { '0:0': {} }, config }))
    await shift.until(async () => (await group.committed())[0] === '1')
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
  async ({ play, topic, topicNamed, group, wire, sessionTimeoutMs: sessionTimeout }) => {
    await deadLetters(topicNamed, topic.name)
    await topic.append(events(1))
    const pauseMs = 2 * sessionTimeout
    const config = { initialDelayMs: pauseMs, maxDelayMs: pauseMs }
    const shift = onShift(play.work({ fails: { '0:0': { times: 1 } }, config, sessionTimeout }))
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
      wire.requests('JoinGroup').at(-1),
    )
    await shift.until(async () => (await group.committed())[0] === '1')
    await shift.ends()
    expect(shift.handedOut).toEqual(['0:0', '0:0'])
  },
)

check(
  'rebalance',
  'While an event waits, its group may rebalance: the answer to a heartbeat then is an error, and no reason to die',
  { after: 'waits-alive' },
  async ({ play, topic, topicNamed, group, wire }) => {
    const letters = await deadLetters(topicNamed, topic.name)
    await topic.append(events(1))
    const config = { initialDelayMs: 2_000, maxDelayMs: 2_000 }
    const first = onShift(play.work({ fails: { '0:0': { times: 1 } }, config }))
    await first.until(() => first.count('0:0') === 1)
    const second = onShift(play.work({ config }))
    await second.until(() => first.isOver() || (second.hasJoined() && wire.requests('Heartbeat').some(refused)))
    await second.until(async () => first.isOver() || (await group.committed())[0] === '1')
    const { threw } = await first.outcome()
    await second.ends()
    mistake(
      'unhandled-heartbeat',
      threw?.type === 'REBALANCE_IN_PROGRESS',
      'A heartbeat in the pause was answered with REBALANCE_IN_PROGRESS, nobody caught that, and the process died of it.',
      wire.requests('Heartbeat').find(refused),
    )
    expect(threw?.message).toBe(undefined)
    expect(await letters.records(), 'dead letters').toEqual([])
  },
)

check(
  'keeps-its-place',
  'An event that waits for its next attempt is not done: nothing behind it is begun, and its offset is not committed',
  { after: 'poison' },
  async ({ play, topic, topicNamed, group }) => {
    await deadLetters(topicNamed, topic.name)
    await topic.append(events(2))
    const config = { initialDelayMs: 300, maxDelayMs: 300 }
    const shift = onShift(play.work({ fails: { '0:0': { times: 1 } }, config }), 2)
    const { detail, go } = await shift.held
    const committed = (await group.committed())[0]
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
    await shift.until(async () => (await group.committed())[0] === '2')
    await shift.ends()
    expect(shift.handedOut).toEqual(['0:0', '0:0', '0:1'])
  },
)

check(
  'hopeless',
  'Some failures are final the first time: to try these again only makes others wait',
  { after: 'poison' },
  async ({ play, topic, topicNamed, group }) => {
    const letters = await deadLetters(topicNamed, topic.name)
    await topic.append(events(3))
    const fails = { '0:0': { error: 'retriable: false' }, '0:1': { error: 'TypeError' } } as const
    const shift = onShift(play.work({ fails }))
    await shift.until(async () => (await group.committed())[0] === '3' || shift.isDown())
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
    expect((await letters.records()).length, 'dead letters').toBe(2)
  },
)

check(
  'unreadable',
  'Kafka stores any bytes, and none at all: what cannot be read is set aside before kafkajs takes it for a bug and stops',
  { after: 'hopeless' },
  async ({ play, topic, topicNamed, group }) => {
    const letters = await deadLetters(topicNamed, topic.name)
    const [first, last] = events(2)
    const unreadable = [{ value: 'order 1042, two books' }, { value: null }]
    await topic.append([first, ...unreadable, last].map((record) => ({ value: null, ...record })))
    const shift = onShift(play.work({}))
    await shift.until(async () => (await group.committed())[0] === '4' || shift.isDown())
    mistake(
      'stops-on-unreadable',
      shift.isDown(),
      'A value was not JSON. The SyntaxError left eachMessage, kafkajs took it for a bug and stopped the consumer for good, and every restart by hand ends at the same record.',
    )
    await shift.ends()
    const stored = await letters.records()
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
  async ({ play, topic, topicNamed, group, random }) => {
    const letters = await deadLetters(topicNamed, topic.name)
    const text = `{ "orderId": "${random.orderId()}",\n  "total": 12345678901234567890.10 }`
    const key = Buffer.concat([Buffer.from([0xff, 0]), random.bytes(8)])
    const headers = { trace: ['T-1', 'T-2'], origin: 'till 4' }
    const records = [
      { key, value: Buffer.from(text), headers },
      { key: null, value: Buffer.concat([Buffer.from([0xfe]), random.bytes(20)]), headers: {} },
    ]
    const shift = onShift(play.work({ records, fails: { '0:0': {} } }))
    await shift.until(async () => (await group.committed())[0] === '2' || shift.isDown())
    await shift.ends()
    const [failed, unreadable] = await letters.records()
    mistake(
      'value-re-encoded',
      failed?.value !== text && isDeepStrictEqual(fromJson(failed?.value), fromJson(text)),
      'The value was read and written again. It means nearly the same, and is not what came: long numbers are rounded, and whoever looks for the fault in the bytes looks at those of your program.',
    )
    mistake(
      'bytes-as-text',
      failed?.keyBytes?.equals(Buffer.from(key.toString())) ?? false,
      'Key or value went through text, and bytes that are no UTF-8 are something else now. A key need not be text, and neither need be a value that could not be read.',
    )
    mistake(
      'null-key-as-text',
      unreadable?.key === 'null',
      'A record without a key has become one with the key "null".',
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
  { after: 'poison' },
  async ({ play, topic, topicNamed, group }) => {
    const letters = await deadLetters(topicNamed, topic.name)
    await topic.append(events(1, 2))
    const shift = onShift(play.work({ fails: { '2:0': {} } }))
    await shift.until(async () => (await group.committed())[2] === '1' || shift.isDown())
    await shift.outcome()
    mistake(
      'same-partition-number',
      (await letters.records()).length === 0,
      'The record came from partition 2, the dead-letter topic has one partition only, and the dead letter lies nowhere: send() resolved with an empty list, without an error.',
    )
    expect((await letters.records()).length, 'dead letters').toBe(1)
  },
)

check(
  'says-why',
  'A dead letter says where it comes from and what was wrong, so that somebody can mend it and send it again',
  { after: ['as-it-was', 'fewer-partitions'] },
  async ({ play, topic, topicNamed, group }) => {
    const letters = await deadLetters(topicNamed, topic.name)
    await topic.append([...events(3, 2), { partition: 2, value: '?' }])
    const shift = onShift(play.work({ fails: { '2:1': {}, '2:2': { error: 'text' } } }))
    await shift.until(async () => (await group.committed())[2] === '4' || shift.isDown())
    mistake(
      'errors-have-messages',
      shift.isDown() && shift.count('2:2') > 0,
      'The handler threw a plain text, which has neither name nor message. The error handling of the service was what stopped it.',
    )
    await shift.ends()
    const from = { 'original-topic': topic.name, 'original-partition': '2' }
    const why = { 'error-message': 'no such book', attempts: '3' }
    const [failed, threwText, unreadable] = (await letters.records()).map(({ headers }) => headers)
    expect(failed).toMatchObject({ ...from, 'original-offset': '1', ...why, 'error-name': 'Error' })
    expect(threwText).toMatchObject({ ...from, 'original-offset': '2', ...why })
    expect(unreadable).toMatchObject({ ...from, 'original-offset': '3', attempts: '0' })
    expect(Object.keys(unreadable ?? {})).toEqual(expect.arrayContaining(['error-name', 'error-message']))
  },
)

check(
  'refused',
  'Until the broker has acknowledged a dead letter there is none, so nothing may be committed for its record',
  { after: 'keeps-its-place' },
  async ({ play, topic, topicNamed, group, wire }) => {
    const letters = await deadLetters(topicNamed, topic.name)
    await topic.append(events(2))
    wire.fault({ api: 'Produce', times: 'every', error: 'TOPIC_AUTHORIZATION_FAILED', delayMs: 300 })
    const shift = onShift(play.work({ fails: { '0:0': {} } }))
    const sent = () => wire.requests('Produce')
    await shift.until(
      () =>
        shift.isDown() || shift.handedOut.includes('0:1') || shift.count('0:0') > ATTEMPTS || sent().length > 3,
    )
    const { threw } = await shift.outcome()
    const commit = wire.commits().find(({ offset }) => offset > 0n)?.exchange
    const committed = Number((await group.committed())[0] ?? 0) > 0
    mistake(
      'commit-before-dead-letter',
      committed && Number(commit?.number) < (sent()[0]?.number ?? Number.POSITIVE_INFINITY),
      'The record was committed first and then sent to the dead letters, and the broker refused it there: it is in neither place, and the group never comes back to it.',
      commit,
    )
    mistake(
      'dead-letter-not-awaited',
      committed && (commit?.requestAtMs ?? 0) < (sent()[0]?.responseAtMs ?? Number.POSITIVE_INFINITY),
      'The commit went out while the dead letter was still on its way, and then the broker refused it: it is in neither place, and the group never comes back to it.',
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
    expect(await letters.records(), 'dead letters').toEqual([])
  },
)

/** More than any check hands out. */
const MOST_CALLS = 40

type Report = Awaited<ReturnType<typeof scenes.work>>

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
  for (let nth = 1; nth <= 5; nth += 1) {
    hear('crashed', nth, ({ detail, go }) => {
      crashed ||= !(detail as { restart: boolean }).restart
      go()
    })
  }
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

/** The dead-letter topic of the scenes, with one partition. */
async function deadLetters<T extends { create(options: { partitions: number }): Promise<void> }>(
  topicNamed: (name: string) => T,
  topicName: string,
): Promise<T> {
  const letters = topicNamed(`${topicName}-dead-letters`)
  await letters.create({ partitions: 1 })
  return letters
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
