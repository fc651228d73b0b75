import type { KeeperClient, RunningTask } from '../answer/keeper-client.ts'
import type { Ending, Task } from '../answer/messages.ts'
import type { Pauses } from '../answer/pauses.ts'
import { type Lane, openWiretap, type Wiretap } from '../kafka/wiretap/open.ts'
import { producedRecords } from '../kafka/wiretap/produced.ts'
import type { JournalLimits } from '../kafka/wiretap/recorder.ts'
import type { WireContext } from './answer-error.ts'
import { namesStart } from './context.ts'
import type { Rig } from './rig.ts'
import { serveSpawns } from './spawning.ts'
import { topicView, untilServed } from './topic-view.ts'

/** Names on the broker: the run, the exercise, the check, and a number where a check needs several. */
export interface Names {
  topic: string
  group: string
  transactionalId: string
}

/** A scene at work. `ending` resolves when it is over and the last bytes that it sent have reached the broker. */
export interface SceneTask {
  kill(): void
  readonly ending: Promise<Ending>
}

export interface TrialSettings {
  /** Milliseconds for each scene. */
  deadlineMs: number
  /** Partitions of the trial's topic; 0: none is created. */
  partitions: number
  /** What the answer prints goes to the terminal as it comes. */
  inheritOutput?: boolean
  /** How much of the wire is kept. */
  journal?: JournalLimits
}

/** One check at work: its names on the broker, its wiretap, and every task that it started. */
export class Trial {
  readonly rig: Rig
  readonly names: Names
  readonly wiretap: Wiretap | null
  readonly settings: TrialSettings
  readonly tasks: RunningTask[] = []
  /** The lane of the first scene, open from the start: a check can say which address the answer will see. */
  readonly firstLane: Lane | null
  private scenes = 0
  private closed = false

  private constructor(
    rig: Rig,
    names: Names,
    settings: TrialSettings,
    wire: { wiretap: Wiretap; firstLane: Lane } | null,
  ) {
    this.rig = rig
    this.names = names
    this.wiretap = wire?.wiretap ?? null
    this.firstLane = wire?.firstLane ?? null
    this.settings = settings
  }

  /** Sets the scene for one check; a pure exercise needs no broker and gets none. */
  static async open(rig: Rig, checkId: string, settings: TrialSettings): Promise<Trial> {
    const name = `${namesStart(rig.context.run)}${rig.exercise.slice(0, 2)}-${checkId}`
    const names = { topic: name, group: `${name}-group`, transactionalId: `${name}-tx` }
    if (rig.pure) return new Trial(rig, names, settings, null)
    const client = await rig.client()
    const wiretap = await openWiretap({
      bootstrap: rig.context.broker.bootstrap,
      security: rig.context.broker.security,
      ...(settings.journal && { limits: settings.journal }),
      namesStart: rig.context.guarded ? namesStart(rig.context.run) : undefined,
      // A topic that does not come up is for the check to see.
      whenCreated: async (topics) => {
        await Promise.allSettled(topics.map((topic) => untilServed(client, topic)))
      },
    })
    try {
      if (settings.partitions > 0) {
        // Events of the book are older than Kafka's week of retention.
        const config = { 'retention.ms': '-1' }
        await topicView(client, names.topic).create({ partitions: settings.partitions, config })
      }
      return new Trial(rig, names, settings, { wiretap, firstLane: await wiretap.lane('1') })
    } catch (error) {
      await wiretap.close()
      throw error
    }
  }

  /** Starts a scene, on a lane of its own. */
  async startScene(name: string, given: unknown, pauses: Pauses): Promise<SceneTask> {
    const { task, ending } = await this.launch(name, given)
    task.onPause = (arrival) => pauses.arrive(task, arrival)
    return { kill: () => task.kill(), ending }
  }

  private async launch(
    name: string,
    given: unknown,
  ): Promise<{ task: RunningTask; ending: Promise<Ending> }> {
    if (!this.rig.code.scenesFile) throw new Error('There are no scenes here: call the answer')
    if (this.closed) throw new Error(`The check was over before the scene ${name} started: await it`)
    this.scenes += 1
    const lane = this.scenes === 1 ? this.firstLane : await this.wiretap?.lane(String(this.scenes))
    const ports = (await lane?.openAll()) ?? []
    const stage = { broker: lane?.address ?? '', ports, ...this.names }
    const task = this.start(await this.rig.keeper(), { kind: 'scene', name, stage, given })
    serveSpawns(task, async (spawned, itsGiven) => (await this.launch(spawned, itsGiven)).task)
    const ending = task.ending.then(async (end) => {
      await lane?.close()
      return end
    })
    return { task, ending }
  }

  /** Runs many calls of one exported function in one trip. */
  async callAll(name: string, argumentLists: unknown[][]): Promise<Ending> {
    return this.start(await this.rig.keeper(), { kind: 'calls', name, argumentLists }).ending
  }

  private start(keeper: KeeperClient, task: Task): RunningTask {
    const { deadlineMs, inheritOutput = false } = this.settings
    const running = keeper.run(this.rig.code, task, { deadlineMs, inheritOutput })
    this.tasks.push(running)
    return running
  }

  /** What the wire tells about an ending. */
  wireContext(ending: Ending): WireContext {
    const journal = this.wiretap?.journal ?? []
    const stored = producedRecords(journal).filter((record) => record.offset !== null).length
    const last = journal.findLast((exchange) => exchange.api !== 'Heartbeat')
    return {
      stored:
        stored > 0
          ? `The broker had already stored ${stored} ${stored === 1 ? 'record' : 'records'} by then.`
          : '',
      lastRequest: last && ending.kind === 'deadline' ? `The last request on the wire was ${last.api}.` : '',
    }
  }

  /** Why the broker cannot be asked any more, as the error of asking; null when it answers, or none is needed. */
  async brokerLost(): Promise<unknown> {
    if (!this.wiretap) return null
    try {
      await (await this.rig.client()).metadata([])
      return null
    } catch (error) {
      return error
    }
  }

  /** Ends what the check left running, and its wiretap. */
  async close(): Promise<void> {
    this.closed = true
    for (const task of this.tasks) task.kill()
    await Promise.all(this.tasks.map((task) => task.ending))
    await this.wiretap?.close()
  }
}
