import { randomBytes } from 'node:crypto'
import {
  type Command,
  MEMORY_LIMIT_BYTES,
  MEMORY_SAMPLE_MS,
  type Report,
  type RunCommand,
  readReport,
  readWatchdogReport,
  type WatchdogCommand,
  type WatchdogReport,
} from './child-messages.ts'
import { type Confinement, confine, kafkajsFor } from './confine.ts'
import type { Confined, ConfinedSettings, Exit } from './confined.ts'
import { encodeFrame, readFrames } from './frames.ts'
import { residentBytes } from './resident-bytes.ts'

/** The largest heap of a child: 256 MiB, more than any exercise needs and soon full. */
export const HEAP_LIMIT_BYTES = 256 * 1024 * 1024
/** What the keeper hears from a child. */
export interface ChildListener {
  onReport(report: Report): void
  onWatchdog(report: WatchdogReport): void
  /** Text that did not come by a report: from the file descriptor itself, from Node, or from a grandchild. */
  onRawOutput(stream: 'stdout' | 'stderr', text: string): void
  /** Something wrote to our pipes that is not our child's code. */
  onForged(): void
}

export interface Child {
  readonly pid: number
  /** Whether a watchdog thread looks after it. */
  readonly watched: boolean
  /** Who listens; a spare has nobody. */
  listener: ChildListener | null
  /** True once the child said that it is ready for a task. */
  ready: boolean
  /** True while a debugger may look into it. */
  inspected: boolean
  /** True from `kill` on; what it still says may be on its way, and it gets no other task. */
  doomed: boolean
  send(command: Command): void
  /** Opens the ports of its stage and hands its bundle over first. */
  run(command: RunCommand): void
  /** Asks the watchdog where the main thread stands. */
  look(): void
  /** Ends it with all that it started. */
  kill(): void
  /** Resolves when the process is gone and its output has arrived. */
  readonly gone: Promise<Exit>
}

export interface ChildSettings extends Omit<ConfinedSettings, 'flags'> {
  confinement: Confinement
}

/** Starts a child under its confinement. */
export function startChild({ confinement, ...settings }: ChildSettings): Child {
  const seal = randomBytes(16)
  const heapMegabytes = HEAP_LIMIT_BYTES / 1024 / 1024
  const flags = [
    '--enable-source-maps',
    '--unhandled-rejections=strict',
    `--max-old-space-size=${heapMegabytes}`,
  ]
  const confined = confine(confinement, { ...settings, flags })
  const child: Child = {
    pid: confined.pid,
    watched: confined.watched,
    listener: null,
    ready: false,
    inspected: false,
    doomed: false,
    send: (command) => void confined.commands.write(encodeFrame(command)),
    run: (command) => {
      if (command.task.kind === 'scene') confined.openPorts(command.task.stage.ports)
      child.send({ ...command, file: confined.stage(command.file) })
    },
    look: () => void confined.watchdog.write(encodeFrame({ kind: 'look' } satisfies WatchdogCommand, seal)),
    kill() {
      child.doomed = true
      confined.kill()
    },
    gone: confined.gone,
  }
  listen(confined, child, seal)
  if (!confined.watched) watchMemory(child)
  const kafkajs = kafkajsFor(confinement, settings.kafkajs)
  child.send({ kind: 'hello', seal, kafkajs, watchdog: confined.watched })
  return child
}

function listen(confined: Confined, child: Child, seal: Buffer): void {
  const { reports, watchdog, commands } = confined
  const onBroken = () => child.listener?.onForged()
  const onMessage = (message: unknown) => {
    const report = readReport(message)
    if (!report) return onBroken()
    if (report.kind === 'ready') child.ready = true
    if (report.kind === 'inspector') child.inspected = report.open && confined.debuggable
    child.listener?.onReport(report)
  }
  const onWatchdog = (message: unknown) => {
    const report = readWatchdogReport(message)
    if (report) child.listener?.onWatchdog(report)
    else onBroken()
  }
  readFrames(reports, { onMessage, onBroken }, seal)
  readFrames(watchdog, { onMessage: onWatchdog, onBroken }, seal)
  for (const stream of ['stdout', 'stderr'] as const) {
    confined[stream].setEncoding('utf8')
    confined[stream].on('data', (text: string) => child.listener?.onRawOutput(stream, text))
  }
  // A child that dies breaks its pipes; its exit says all that matters.
  for (const pipe of [commands, reports, watchdog, confined.stdout, confined.stderr])
    pipe.on('error', () => {})
}

/** Looks at the memory of a child that may have no thread to do so itself. */
function watchMemory(child: Child): void {
  const sample = setInterval(() => {
    const bytes = residentBytes(child.pid)
    if (bytes > MEMORY_LIMIT_BYTES) child.listener?.onWatchdog({ kind: 'memory', bytes })
  }, MEMORY_SAMPLE_MS)
  void child.gone.then(() => clearInterval(sample))
}
