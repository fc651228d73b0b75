// The first checks: attempts, and the pauses between them. Nothing to edit here.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check, events, onShift, openShop } from './retry.shop.ts'

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
  { after: 'backoff' },
  async (tools) => {
    const config = { attempts: 16, initialDelayMs: 20, maxDelayMs: 40 }
    const shift = await openShop(tools, events(1), { fails: { '0:0': {} }, config })
    await shift.done(() => goesOnDoubling(shift.times))
    mistake(
      'unbounded-backoff',
      goesOnDoubling(shift.times),
      'The pauses went on doubling beyond the limit. The 16th attempt would have come after eleven minutes, and the partition waits with it.',
    )
    await shift.ends()
    expect(shift.count('0:0')).toBe(16)
  },
)

check(
  'closing',
  'An event that waits for its next attempt when its reader stops is not done: whoever comes next finds it where it was',
  { after: 'backoff' },
  async (tools) => {
    const config = { attempts: 2, initialDelayMs: 1_500, maxDelayMs: 1_500 }
    const shift = await openShop(tools, events(2), { fails: { '0:0': {} }, config })
    await shift.until(() => shift.count('0:0') === 1)
    const { returned } = await shift.outcome()
    const [first, second] = (returned?.calls ?? []).filter(({ at }) => at === '0:0')
    const hasWaited = !returned || (second?.from ?? 0) - (first?.to ?? 0) >= 0.9 * config.initialDelayMs
    const letters = await shift.letters()
    mistake(
      'closing-as-failure',
      letters.length > 0 && !hasWaited,
      'The shop closed while an event waited for its next attempt, and it was set aside: it had attempts left, and nothing but the clock was against it. After every closing somebody has to look through the dead letters.',
    )
    const committed = Number((await tools.group.committed())[0] ?? 0)
    mistake(
      'lost-at-closing',
      letters.length === 0 && committed > 0,
      'The shop closed while an event waited for its next attempt, and its offset was committed: it is neither handled nor a dead letter, and tomorrow the group begins behind it.',
      tools.wire.commits().at(-1)?.exchange,
    )
    if (letters.length === 0) expect(shift.handedOut).toEqual(['0:0'])
  },
)

check(
  'waits-alive',
  'A member that waits has to say that it is alive, as one that works has to',
  { after: 'backoff' },
  async (tools) => {
    const { group, sessionTimeoutMs: sessionTimeout } = tools
    const pauseMs = 2 * sessionTimeout
    const config = { initialDelayMs: pauseMs, maxDelayMs: pauseMs }
    const given = { fails: { '0:0': { times: 1 } }, config, sessionTimeout }
    const shift = await openShop(tools, events(1), given)
    await shift.until(() => shift.count('0:0') === 1)
    let expelled = false
    await shift.until(async () => {
      if (shift.count('0:0') === 2) return true
      expelled = (await group.members()).length === 0
      return expelled
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
    const letters = await first.letters()
    mistake(
      'rebalance-as-failure',
      letters.length > 0,
      'A heartbeat in the pause was refused, because the group rebalanced, and that was counted as an attempt that had failed. The event is a dead letter now, and it would have been handled.',
      wire.requests('Heartbeat').find(refused),
    )
  },
)

/** True when the last four of these times lie ever farther apart, as no limit below a second allows; a slow machine shows no such row. */
function goesOnDoubling(times: number[]): boolean {
  const gaps = times.slice(-5).flatMap((at, index, all) => (index > 0 ? [at - (all[index - 1] ?? 0)] : []))
  const grow = gaps.every((gap, index) => index === 0 || gap > 1.5 * (gaps[index - 1] ?? 0))
  return gaps.length === 4 && grow && (gaps[3] ?? 0) > 1_000
}

/** The answer says that the group is rebalancing. */
function refused({ response }: { response: unknown }): boolean {
  return (response as { errorCode: number } | null)?.errorCode === 27
}
