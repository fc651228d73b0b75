import { deserialize } from 'node:v8'
import type { OutputLine } from '../result.ts'
import type { SpawnedCommand } from './child-messages.ts'
import type { RunningTask } from './keeper-client.ts'
import {
  KEPT_LINES,
  type Notice,
  ownThrownError,
  type PackedEnding,
  type Request,
} from './keeper-messages.ts'
import { killTree } from './kill-tree.ts'
import type { Ending } from './messages.ts'

/** A running task as its client sees it. */
export class ClientTask implements RunningTask {
  readonly ending: Promise<Ending>
  readonly output: OutputLine[] = []
  onPause: RunningTask['onPause'] = ({ number }) => this.go(number)
  onSpawning: RunningTask['onSpawning'] = () => {}

  private readonly number: number
  private readonly send: (request: Request) => void
  private readonly print: boolean
  private pid = 0
  private resolveEnding: (ending: Ending) => void = () => {}

  constructor(number: number, send: (request: Request) => void, print: boolean) {
    this.number = number
    this.send = send
    this.print = print
    this.ending = new Promise((resolve) => {
      this.resolveEnding = resolve
    })
  }

  go(pauseNumber: number): void {
    this.send({ kind: 'go', task: this.number, number: pauseNumber })
  }

  throwAt(pauseNumber: number, message: string): void {
    this.send({ kind: 'throw', task: this.number, number: pauseNumber, message })
  }

  tell(command: SpawnedCommand): void {
    this.send({ kind: 'tell', task: this.number, command })
  }

  kill(): void {
    this.send({ kind: 'kill', task: this.number })
  }

  hear(notice: Exclude<Notice, { kind: 'welcome' | 'pong' }>): void {
    switch (notice.kind) {
      case 'started':
        this.pid = notice.pid
        return
      case 'output':
        this.keep(notice.line)
        return
      case 'pause':
        this.pause(notice)
        return
      case 'spawning':
        this.onSpawning(notice.report)
        return
      case 'ended':
        this.end(unpacked(notice.ending))
    }
  }

  end(ending: Ending): void {
    // Whoever killed the keeper may still be running.
    if (ending.kind === 'keeper lost' && this.pid > 0) killTree(this.pid)
    this.resolveEnding(ending)
  }

  private pause({ label, number, detail }: { label: string; number: number; detail: Uint8Array }): void {
    try {
      this.onPause({ label, number, detail: deserialize(detail) })
    } catch {
      this.throwAt(number, 'what pauseAt was given could not be read')
    }
  }

  private keep(line: OutputLine): void {
    if (this.output.length < KEPT_LINES) this.output.push(line)
    if (this.print) process[line.stream].write(`${line.text}\n`)
  }
}

/** The value was packed by a process that runs code nobody has vetted: it may be no value at all. */
function unpacked(ending: PackedEnding): Ending {
  if (ending.kind !== 'returned') return ending
  try {
    return { kind: 'returned', value: deserialize(ending.value) }
  } catch {
    return { kind: 'threw', thrown: ownThrownError('what the answer returned could not be read') }
  }
}
