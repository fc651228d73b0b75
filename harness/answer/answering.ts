import type { ChildTask } from './child-messages.ts'
import type { ChildPool } from './child-pool.ts'
import { type Bundle, compile, isFresh, type Workshop } from './compile.ts'
import type { Notice, PackedEnding, Request } from './keeper-messages.ts'
import type { AnswerCode, TaskOptions } from './messages.ts'
import { TaskRun } from './task-run.ts'

interface Running {
  run: TaskRun | null
  killed: boolean
}

/** Bundles that were made before, and are good as long as their sources do not change. */
export class Bundles {
  private readonly workshop: Workshop
  private readonly made = new Map<string, Bundle>()

  constructor(workshop: Workshop) {
    this.workshop = workshop
  }

  async get(code: AnswerCode): ReturnType<typeof compile> {
    const key = JSON.stringify([code.exercise, code.answerFile, code.scenesFile])
    const before = this.made.get(key)
    if (before && (await isFresh(before))) return before
    const compiled = await compile(code, this.workshop)
    if ('file' in compiled) this.made.set(key, compiled)
    return compiled
  }
}

/** Does what one client asks for. */
export class Answering {
  private readonly bundles: Bundles
  private readonly children: ChildPool
  private readonly notify: (notice: Notice) => void
  private readonly tasks = new Map<number, Running>()

  constructor(bundles: Bundles, children: ChildPool, notify: (notice: Notice) => void) {
    this.bundles = bundles
    this.children = children
    this.notify = notify
  }

  handle(request: Request): void {
    if (request.kind === 'prepare') {
      this.children.warmUp(request.code.scenesFile !== null)
      void this.bundles.get(request.code).catch(() => {})
    } else if (request.kind === 'run') {
      const running: Running = { run: null, killed: false }
      this.tasks.set(request.task, running)
      this.start(request, running).catch((error: Error) => {
        this.ended(request.task, {
          kind: 'not run',
          reason: `The code could not be started: ${error.message}`,
        })
      })
    } else if (request.kind === 'ping') {
      this.notify({ kind: 'pong' })
    } else if (request.kind !== 'hello') {
      this.steer(request)
    }
  }

  /** The client is gone. */
  close(): void {
    for (const running of this.tasks.values()) this.kill(running)
  }

  private steer(request: Extract<Request, { kind: 'go' | 'throw' | 'kill' | 'tell' }>): void {
    const running = this.tasks.get(request.task)
    if (!running) return
    if (request.kind === 'go') running.run?.go(request.number)
    else if (request.kind === 'throw') running.run?.throwAt(request.number, request.message)
    else if (request.kind === 'tell') running.run?.tell(request.command)
    else this.kill(running)
  }

  private kill(running: Running): void {
    running.killed = true
    running.run?.kill()
  }

  private async start(request: Extract<Request, { kind: 'run' }>, running: Running): Promise<void> {
    const { task, code, what, options } = request
    const scene = what.kind === 'scene'
    if (scene) this.children.warmUp(true)
    const compiled = await this.bundles.get(code)
    if (running.killed) return this.ended(task, { kind: 'killed' })
    if ('problems' in compiled) return this.ended(task, { kind: 'not compiled', problems: compiled.problems })
    const { file } = compiled
    const child = await this.children.take(file)
    if (running.killed) {
      child.kill()
      return this.ended(task, { kind: 'killed' })
    }
    const command = runCommand(code, file, what, options)
    running.run = new TaskRun(
      child,
      { command, options },
      (notice) => {
        this.notify({ ...notice, task })
        // The next spare starts when this child is done with starting: they would only slow each other down.
        if (notice.kind === 'started' && scene) this.children.warmUp(true)
      },
      (canRest) => {
        this.tasks.delete(task)
        if (canRest) this.children.rest(child, file)
      },
    )
  }

  private ended(task: number, ending: PackedEnding): void {
    this.tasks.delete(task)
    this.notify({ kind: 'ended', task, ending })
  }
}

function runCommand(code: AnswerCode, file: string, task: ChildTask, options: TaskOptions) {
  const { answerFile, scenesFile } = code
  return {
    kind: 'run' as const,
    file,
    answerFile,
    scenesFile,
    task,
    logKafka: options.inheritOutput ?? false,
  }
}
