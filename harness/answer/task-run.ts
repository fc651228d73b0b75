import { readFileSync } from 'node:fs'
import type { OutputLine, Place } from '../result.ts'
import {
  type BundleFrame,
  MEMORY_LIMIT_BYTES,
  type Report,
  type RunCommand,
  type SpawnedCommand,
  type WatchdogReport,
} from './child-messages.ts'
import { type Child, type ChildListener, HEAP_LIMIT_BYTES } from './child-process.ts'
import type { Exit } from './confined.ts'
import { KEPT_LINES, type Notice, ownThrownError, type PackedEnding } from './keeper-messages.ts'
import type { TaskOptions } from './messages.ts'
import { NodeNoise, OutputLines } from './output-lines.ts'
import { placeInFrames } from './place.ts'

/** An answer that prints more is stopped; free output (`npm run play`) has no limit. */
const OUTPUT_LIMIT_BYTES = 1024 * 1024
/** How long a child may take to say that nothing of its task is left. */
const CLEAN_MS = 100
/** How long the watchdog may take to say where the main thread stands. */
const LOOK_MS = 1000

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
/** What a task tells its client; the keeper adds the task's number. */
type TaskNotice = DistributiveOmit<Extract<Notice, { task: number }>, 'task'>

/** One task in one child: starts it, limits it, and finds out how it ended. */
export class TaskRun implements ChildListener {
  private readonly child: Child
  private readonly command: RunCommand
  private readonly options: TaskOptions
  private readonly notify: (notice: TaskNotice) => void
  private readonly onOver: (canRest: boolean) => void

  private readonly noise = new NodeNoise()
  private readonly reported = { stdout: this.lines('stdout', false), stderr: this.lines('stderr', false) }
  private readonly raw = { stdout: this.lines('stdout', true), stderr: this.lines('stderr', true) }
  private readonly paused = new Map<number, string>()
  private outputBytes = 0
  private linesSent = 0
  private exitAt: Place | undefined
  private begun = false
  private looking = false
  private ending: PackedEnding | null = null
  private timer: NodeJS.Timeout | undefined

  /** `onOver` is called once, after the last notice, with true when the child can take another task. */
  constructor(
    child: Child,
    task: { command: RunCommand; options: TaskOptions },
    notify: (notice: TaskNotice) => void,
    onOver: (canRest: boolean) => void,
  ) {
    this.child = child
    this.command = task.command
    this.options = task.options
    this.notify = notify
    this.onOver = onOver
    child.listener = this
    void child.gone.then((exit) => this.onGone(exit))
    if (child.ready) this.begin()
  }

  go(number: number): void {
    if (this.paused.delete(number)) this.child.send({ kind: 'go', number })
  }

  throwAt(number: number, message: string): void {
    if (this.paused.delete(number)) this.child.send({ kind: 'throw', number, message })
  }

  /** News of a scene that this one has spawned. */
  tell(command: SpawnedCommand): void {
    if (!this.ending) this.child.send(command)
  }

  kill(): void {
    this.end({ kind: 'killed' })
  }

  onReport(report: Report): void {
    switch (report.kind) {
      case 'ready':
        this.begin()
        break
      case 'inspector':
        this.setDeadline()
        break
      case 'output':
        this.reported[report.stream].add(report.text, report.at)
        this.count(report.text)
        break
      case 'pause':
        this.paused.set(report.number, report.label)
        this.notify(report)
        break
      case 'spawn':
      case 'spawn go':
      case 'spawn throw':
      case 'spawn kill':
        if (!this.ending) this.notify({ kind: 'spawning', report })
        break
      case 'exiting':
        this.exitAt ??= report.at
        break
      case 'clean':
        if (this.ending?.kind === 'returned' || this.ending?.kind === 'threw') this.rest()
        break
      default:
        // An error that comes after the result changes nothing, but such a process does not get another task.
        if (this.ending) this.child.kill()
        else this.end(report)
    }
  }

  onRawOutput(stream: 'stdout' | 'stderr', text: string): void {
    this.raw[stream].add(text)
    this.count(text)
  }

  onWatchdog(report: WatchdogReport): void {
    if (report.kind === 'memory') this.end({ kind: 'memory limit', limitBytes: MEMORY_LIMIT_BYTES })
    else if (this.looking) this.endAtDeadline(report.kind === 'blocked' ? report.frames : [])
  }

  onForged(): void {
    const message =
      'Your code wrote into a pipe between the processes of the workbook; what came was not understood'
    this.end({ kind: 'threw', thrown: ownThrownError(message) })
  }

  private begin(): void {
    if (this.begun || this.ending) return
    this.begun = true
    this.notify({ kind: 'started', pid: this.child.pid })
    this.child.run(this.command)
    this.setDeadline()
  }

  /** Counts from now on; a debugger that goes away leaves a whole deadline. */
  private setDeadline(): void {
    const { deadlineMs } = this.options
    clearTimeout(this.timer)
    this.looking = false
    if (this.ending || !this.begun || this.child.inspected || !Number.isFinite(deadlineMs)) return
    this.timer = setTimeout(() => this.look(), deadlineMs)
  }

  /** Past the deadline: waits, or loops? */
  private look(): void {
    if (!this.child.watched) {
      this.endAtDeadline([])
      return
    }
    this.looking = true
    this.child.look()
    this.timer = setTimeout(() => this.endAtDeadline([]), LOOK_MS)
  }

  private endAtDeadline(frames: BundleFrame[]): void {
    const { file } = this.command
    const loopAt =
      frames.length > 0 ? placeInFrames(frames, readFileSync(`${file}.map`, 'utf8'), this.command) : undefined
    const pausedAt = [...this.paused.values()].at(-1)
    this.end({
      kind: 'deadline',
      deadlineMs: this.options.deadlineMs,
      ...(loopAt && { loopAt }),
      ...(pausedAt !== undefined && { pausedAt }),
    })
  }

  private end(ending: PackedEnding): void {
    if (this.ending) return
    this.ending = ending
    clearTimeout(this.timer)
    // What is over may still be closing its sockets; what is left behind after that ends with the process.
    if (ending.kind === 'returned' || ending.kind === 'threw')
      this.timer = setTimeout(() => this.child.kill(), CLEAN_MS)
    else this.child.kill()
  }

  /** What the child wrote to its pipes before it said that it is clean lies in them, and is read in this turn of the loop. */
  private rest(): void {
    clearTimeout(this.timer)
    setImmediate(() => {
      // One that took too long to be clean is about to be gone, and is over then.
      if (this.child.listener === this && !this.child.doomed) this.over(true)
    })
  }

  private onGone(exit: Exit): void {
    if (this.child.listener !== this) return
    this.ending ??= this.endingOf(exit)
    this.over(false)
  }

  /** How a process ended that nobody told to. */
  private endingOf({ code, signal }: Exit): PackedEnding {
    if (this.noise.heapFull) return { kind: 'memory limit', limitBytes: HEAP_LIMIT_BYTES }
    if (this.begun) return { kind: 'exited', code, signal, ...(this.exitAt && { at: this.exitAt }) }
    // What happens before the task has begun is not the answer's doing.
    return { kind: 'not run', reason: `The process for the code did not start (${signal ?? code}).` }
  }

  private over(canRest: boolean): void {
    clearTimeout(this.timer)
    for (const lines of [...Object.values(this.reported), ...Object.values(this.raw)]) lines.end()
    this.child.listener = null
    this.notify({ kind: 'ended', ending: this.ending as PackedEnding })
    this.onOver(canRest)
  }

  private lines(stream: OutputLine['stream'], raw: boolean): OutputLines {
    return new OutputLines(stream, (line) => {
      if (raw && this.noise.covers(line)) return
      this.linesSent += 1
      if (this.linesSent <= KEPT_LINES || this.options.inheritOutput) this.notify({ kind: 'output', line })
    })
  }

  private count(text: string): void {
    this.outputBytes += Buffer.byteLength(text)
    if (this.options.inheritOutput || this.outputBytes <= OUTPUT_LIMIT_BYTES) return
    this.end({ kind: 'output limit', limitBytes: OUTPUT_LIMIT_BYTES })
  }
}
