import type { OutputLine } from '../result.ts'
import type { SpawnedCommand, SpawnReport } from './child-messages.ts'
import type { AnswerCode, Ending, Task, TaskOptions } from './messages.ts'
import type { Steering } from './pauses.ts'

/** What a check sees of a running task. */
export interface RunningTask extends Steering {
  /** Resolves when the task is over: its process is gone, or nothing of the task is left in it. Never rejects. */
  readonly ending: Promise<Ending>
  /** What the child printed so far, at most 1,000 lines kept. */
  readonly output: OutputLine[]
  /** Called for every arrival at a `pauseAt`; the child waits until `go` or `throwAt` is called with the same number. */
  onPause: (pause: { label: string; number: number; detail: unknown }) => void
  /** Called when the scene spawns another one, or steers one that it has spawned. */
  onSpawning: (report: SpawnReport) => void
  /** News of a scene that this one has spawned. */
  tell(command: SpawnedCommand): void
  /** SIGKILL, as a crash. */
  kill(): void
}

/** A connection to a keeper process, made by the side that wants answers run. */
export interface KeeperClient {
  /** Compiles ahead and keeps a warm child ready for this code. */
  prepare(code: AnswerCode): void
  run(code: AnswerCode, task: Task, options: TaskOptions): RunningTask
  close(): Promise<void>
}

/** Where a keeper listens, for as long as the main process lives: a keeper that is lost is replaced at the same address. Plain data. */
export interface KeeperAddress {
  /** A Unix socket, or a Windows named pipe. */
  address: string
  /** Shown in the hello, so that no other process can use the keeper by accident. */
  token: string
}
