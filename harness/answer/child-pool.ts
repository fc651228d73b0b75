import { type Child, type ChildListener, type ChildSettings, startChild } from './child-process.ts'

/** Every task loads its code anew, and Node forgets no module: after so many a process has grown by some 10 MB. */
const MOST_TASKS = 100

/**
 * The children of a keeper: those at work, one spare that is warm, and perhaps one that has done a task, left nothing
 * behind, and can do more with the same code. Two tasks at the same time never share a process, nor do two answers.
 */
export class ChildPool {
  private readonly settings: ChildSettings
  private readonly alive = new Set<Child>()
  private spare: Child | null = null
  private resting: { child: Child; file: string } | null = null
  private readonly tasksDone = new WeakMap<Child, number>()
  private withKafkajs = false

  constructor(settings: ChildSettings) {
    this.settings = settings
  }

  /** Has a spare ready; with `kafkajs` true, this spare and all later ones load kafkajs ahead. */
  warmUp(kafkajs: boolean): void {
    if (!this.spare) {
      this.spare = this.start()
      if (this.withKafkajs) this.spare.send({ kind: 'warm' })
    }
    if (kafkajs && !this.withKafkajs) {
      this.withKafkajs = true
      this.spare.send({ kind: 'warm' })
    }
  }

  /** The process that rests after a task of the same bundle, else a fresh one: by then, one that rests after another is gone. */
  async take(file: string): Promise<Child> {
    const resting = this.resting
    this.resting = null
    if (resting?.file === file && !resting.child.doomed) return resting.child
    resting?.child.kill()
    await resting?.child.gone
    const child = this.spare ?? this.start()
    this.spare = null
    return child
  }

  /** Takes back a process that has done its task and is still well. */
  rest(child: Child, file: string): void {
    this.endResting()
    this.resting = { child, file }
    child.listener = this.endAtFirstTrouble(child)
    const done = (this.tasksDone.get(child) ?? 0) + 1
    this.tasksDone.set(child, done)
    if (done >= MOST_TASKS) this.endResting()
  }

  /** Ends every process. */
  async close(): Promise<void> {
    for (const child of this.alive) child.kill()
    await Promise.all([...this.alive].map((child) => child.gone))
  }

  private start(): Child {
    const child = startChild(this.settings)
    this.alive.add(child)
    void child.gone.then(() => {
      this.alive.delete(child)
      if (this.spare === child) this.spare = null
      if (this.resting?.child === child) this.resting = null
    })
    return child
  }

  /** The next task must not get it, although it takes a moment until it is gone. */
  private endResting(): void {
    this.resting?.child.kill()
    this.resting = null
  }

  /** Nothing may happen in a process that has no task: an error that comes late, an exit, too much memory. */
  private endAtFirstTrouble(child: Child): ChildListener {
    const end = () => {
      if (this.resting?.child === child) this.endResting()
    }
    return {
      onReport: (report) => {
        if (report.kind !== 'inspector' && report.kind !== 'output') end()
      },
      onWatchdog: end,
      onRawOutput: () => {},
      onForged: end,
    }
  }
}
