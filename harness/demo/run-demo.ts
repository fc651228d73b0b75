import type { Ending } from '../answer/messages.ts'
import type { Pause } from '../answer/pauses.ts'
import { Pauses } from '../answer/pauses.ts'
import { endingError } from '../check/answer-error.ts'
import { rigOf } from '../check/rig.ts'
import { Trial } from '../check/trial.ts'
import { WorkbookError } from '../errors.ts'
import type { Wiretap } from '../kafka/wiretap/open.ts'
import { ownership } from '../kafka/wiretap/ownership.ts'
import type { Ownership } from '../result.ts'
import type { Backstage } from '../run/backstage.ts'
import type { Demo } from './demo.ts'
import { scenesOf } from './demos.ts'
import { type LagPoint, lagSeries } from './lag-series.ts'
import { type Moment, MomentReader } from './moments.ts'
import type { DemoGiven } from './scenes/given.ts'
import { ShowTime } from './show-time.ts'

/** A class may talk for as long as it wants; a demo that was forgotten ends. */
const CLASS_MS = 2 * 60 * 60 * 1000
/** How often a class is shown what has happened since, and how long it looks at the same lag. */
const LOOK_MS = 100
const LAG_MS = 500
const RECORDS_PER_SIGN = 4
/** A member that waits fetches, and says that it is alive, some times a second, all through a talk. */
const JOURNAL = { exchanges: 200_000, bytes: 256 * 1024 * 1024 }
/** Long enough to count along, also where the broker would take less. */
const SESSION_MS = 3000

/** What was shown. All times are milliseconds of the show: pauses left out. */
export interface Told {
  demo: Demo
  captions: { atMs: number; text: string }[]
  moments: Moment[]
  owners: Ownership[]
  lag: LagPoint[]
}

/** Who watches, and decides when it goes on. */
export interface Audience {
  /** A caption; the demo stands still until it resolves. */
  say(text: string): Promise<void>
  /** What has just happened, in order. */
  see(moments: Moment[]): void
}

/** What a demo may do to the brokers. */
export interface Cluster {
  stopNode(id: number): Promise<void>
}

/** Plays a demo before an audience. Rejects when one of its programs fails, and with WorkbookError when the broker does. */
export async function runDemo(
  demo: Demo,
  stage: { root: string; backstage: Backstage; cluster: Cluster },
  audience: Audience,
): Promise<Told> {
  const { root, backstage, cluster } = stage
  const file = scenesOf(demo, root)
  const rig = rigOf({ exercise: `00-${demo.name}`, answerFile: file, scenesFile: file }, backstage.context)
  try {
    const settings = { deadlineMs: CLASS_MS, partitions: demo.partitions, journal: JOURNAL }
    const trial = await Trial.open(rig, 'book-orders', settings)
    try {
      const show = new Show(demo, trial.wiretap as Wiretap, audience)
      const pauses = new Pauses()
      onEvery(pauses, 'say', (text) => show.say(String(text)))
      onEvery(pauses, 'stop node', async (id) => {
        show.stops(Number(id))
        await cluster.stopNode(Number(id))
      })
      const given: DemoGiven = { sessionTimeout: Math.max(SESSION_MS, rig.sessionTimeoutMs) }
      const shop = await trial.startScene('shop', given, pauses)
      const ending = await show.untilOver(shop.ending)
      if (ending.kind !== 'returned') throw (await trial.brokerLost()) ?? failure(demo, trial, ending)
      return show.told()
    } finally {
      await trial.close()
    }
  } finally {
    await rig.close()
    backstage.sweeper.sweep(backstage.context.run)
  }
}

/** Our own program failed: nobody in the class has written it. */
function failure(demo: Demo, trial: Trial, ending: Ending): Error {
  const error = endingError(ending, trial.wireContext(ending))
  if (error instanceof WorkbookError) return error
  return new Error(`The demo ${demo.name} failed: ${error?.thrown?.message ?? error?.message}`)
}

/** Does something at every arrival at a label. */
function onEvery(pauses: Pauses, label: string, act: (detail: unknown) => Promise<void>): void {
  const arrived = async (pause: Pause) => {
    try {
      await act(pause.detail)
      onEvery(pauses, label, act)
      pause.go()
    } catch (error) {
      pause.throw((error as Error).message)
    }
  }
  // Rejected when the scene is over: there is no more to come.
  pauses.ask(label).then(arrived, () => {})
}

/** One demo as it is shown: what it has to say, and what is seen on the wire. */
class Show {
  private readonly demo: Demo
  private readonly wiretap: Wiretap
  private readonly audience: Audience
  private readonly reader: MomentReader
  private readonly captions: Told['captions'] = []
  private readonly moments: Moment[] = []
  private time: ShowTime | undefined
  private endedAtMs = 0
  private talking = false
  private lagShown: LagPoint = { atMs: 0, lag: 0 }

  constructor(demo: Demo, wiretap: Wiretap, audience: Audience) {
    this.demo = demo
    this.wiretap = wiretap
    this.audience = audience
    this.reader = new MomentReader(wiretap)
  }

  async say(text: string): Promise<void> {
    this.look()
    const fromMs = this.wiretap.now()
    this.endedAtMs = fromMs
    const time = this.showTime()
    this.captions.push({ atMs: time.of(fromMs), text })
    this.talking = true
    await this.audience.say(text)
    this.talking = false
    time.stoodStill(fromMs, this.wiretap.now())
  }

  /** A broker cannot tell of its own end. */
  stops(node: number): void {
    this.look()
    const stopped = { partition: null, label: 'stops', text: 'stops' }
    this.show([{ atMs: this.wiretap.now(), kind: 'gone', who: `broker ${node}`, ...stopped }])
  }

  async untilOver<T>(ending: Promise<T>): Promise<T> {
    const looking = setInterval(() => this.look(), LOOK_MS)
    try {
      return await ending
    } finally {
      clearInterval(looking)
    }
  }

  /** All of it, up to the last caption: after that, everybody just goes home. */
  told(): Told {
    const time = this.showTime()
    const journal = this.wiretap.journal.filter(({ requestAtMs }) => requestAtMs <= this.endedAtMs)
    const ends = this.wiretap.ends.filter(({ atMs }) => atMs <= this.endedAtMs)
    const nameOf = (lane: string) => journal.find((one) => one.lane === lane)?.clientId ?? lane
    return {
      demo: this.demo,
      captions: this.captions,
      moments: this.moments.filter(({ atMs }) => atMs <= this.endedAtMs).map((one) => this.timed(one)),
      owners: ownership(journal, ends).map((chart) => ({
        ...time.ofChart(chart),
        members: chart.members.map((one) => ({ ...one, lane: nameOf(one.lane) })),
      })),
      lag: lagSeries(journal).map(({ atMs, lag }) => ({ atMs: time.of(atMs), lag })),
    }
  }

  /** While somebody talks, nothing new is shown: it would scroll away what is talked about. */
  private look(): void {
    if (this.talking) return
    const news = this.reader.news().filter(({ kind }) => this.demo.shows.includes(kind))
    this.show(news)
    if (this.demo.shows.includes('lag')) this.audience.see(this.lagNow().map((one) => this.timed(one)))
  }

  private show(news: Moment[]): void {
    this.moments.push(...news)
    this.audience.see(news.map((one) => this.timed(one)))
  }

  /** The lag by now, when it was not shown for a while and has changed. It is drawn from the whole series later. */
  private lagNow(): Moment[] {
    const atMs = this.wiretap.now()
    if (atMs < this.lagShown.atMs + LAG_MS) return []
    const lag = lagSeries(this.wiretap.journal).at(-1)?.lag ?? 0
    if (lag === this.lagShown.lag) return []
    this.lagShown = { atMs, lag }
    const text = `${String(lag).padStart(4)} records  ${'#'.repeat(Math.ceil(lag / RECORDS_PER_SIGN))}`
    return [{ atMs, kind: 'lag', who: 'the group', partition: null, label: `${lag}`, text }]
  }

  private timed(moment: Moment): Moment {
    return { ...moment, atMs: this.showTime().of(moment.atMs) }
  }

  private showTime(): ShowTime {
    this.time ??= new ShowTime(this.wiretap.journal[0]?.requestAtMs ?? 0)
    return this.time
  }
}
