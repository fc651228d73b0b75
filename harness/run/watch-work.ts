import { WorkbookError } from '../errors.ts'
import { findAnswer, identify } from '../exercise/answer.ts'
import { type Exercise, findExercise, isPure, listExercises } from '../exercise/find.ts'
import { newStubSentence, pristineStub } from '../exercise/pristine.ts'
import type { Broker } from '../kafka/broker.ts'
import { connect } from '../kafka/client/client.ts'
import { keepAttempt } from '../progress/attempts.ts'
import { judgedEntry, learnerJournal, statesOf } from '../progress/learner.ts'
import { hasNewStub } from '../progress/stubs.ts'
import type { ExerciseResult } from '../result.ts'
import { JudgementCancelled, openSession, type Session, type SessionOptions } from './session.ts'
import type { WatchEvent } from './watch.ts'

/** How long a broker that has failed may take to answer, before it is taken for gone. */
const BROKER_ANSWERS_MS = 2000
const BROKER_AGAIN_MS = 1000

/** What watch mode lets happen in the background: judging, playing, and starting a broker again. */
export interface WatchWork {
  session(): Session
  judge(exercise: string): Promise<void>
  play(exercise: string, scene: string): ReturnType<Session['play']>
  /** Ends what is at work: a judgement says that it is over; `play` rejects with JudgementCancelled, or tells what it has so far. */
  cancel(): void
  restartBroker(): Promise<void>
  close(): Promise<void>
}

export interface WatchWorkOptions {
  session: Omit<SessionOptions, 'manyTimes' | 'onCheck'>
  cwd: string
  emit(event: WatchEvent): void
  /** Keeps a result for other commands. */
  keep(result: ExerciseResult, session: Session): void
  /** What TypeScript says of a file, asked after each verdict; given up when `signal` is aborted, and never rejects. */
  typeErrors?(file: string, signal: AbortSignal): Promise<readonly string[]>
}

/** Opens the session that stays open as long as watch mode. Throws a WorkbookError when its broker cannot be had. */
export async function openWatchWork({
  session: options,
  cwd,
  emit,
  keep,
  typeErrors,
}: WatchWorkOptions): Promise<WatchWork> {
  const { root } = options
  const exercises = listExercises(root)
  const open = () =>
    openSession({ ...options, manyTimes: true, onCheck: (check) => emit({ kind: 'check', check }) })
  let session = await open()
  let playing = new AbortController()
  let typing = new AbortController()
  let closed = false

  const keepOrNotice = (work: () => void) => {
    try {
      work()
    } catch (error) {
      if (!(error instanceof WorkbookError)) throw error
      emit({ kind: 'notice', sentence: error.message })
    }
  }

  const tellNewStub = (exercise: Exercise) => {
    if (!hasNewStub(root, exercise.name, pristineStub(exercise, root))) return
    emit({ kind: 'news', sentence: newStubSentence(exercise) })
  }

  /** The verdict does not wait for it, and the next one takes its place. */
  async function tellTypeErrors(file: string, result: ExerciseResult, signal: AbortSignal): Promise<void> {
    if (!typeErrors || signal.aborted) return
    const errors = await typeErrors(file, signal)
    if (!signal.aborted) emit({ kind: 'type errors', result, errors })
  }

  async function judgeNow(exercise: Exercise): Promise<WatchEvent> {
    const answer = findAnswer(exercise, undefined, cwd)
    emit({ kind: 'begun', hash: identify(answer, root).hash })
    keepOrNotice(() => keepAttempt(root, exercise))
    keepOrNotice(() => tellNewStub(exercise))
    const result = await session.judge(exercise, answer)
    if (result.verdict === 'error' && !isPure(exercise) && !(await answers(session.broker)))
      return { kind: 'broker lost', sentence: 'The broker does not answer any more.' }
    keepOrNotice(() => learnerJournal(root).append(judgedEntry(result, new Date())))
    keep(result, session)
    emit({ kind: 'progress', passed: passedExercises(root) })
    return { kind: 'judged', result }
  }

  return {
    session: () => session,
    async judge(name) {
      typing.abort()
      typing = new AbortController()
      const { signal } = typing
      const exercise = findExercise(exercises, name)
      const end = await judgeNow(exercise).catch(endOf)
      emit(end)
      if (end.kind === 'judged') await tellTypeErrors(exercise.file, end.result, signal)
    },
    async play(name, scene) {
      playing = new AbortController()
      const { signal } = playing
      const exercise = findExercise(exercises, name)
      const chosen = { exercise, answer: findAnswer(exercise, undefined, cwd) }
      try {
        return await session.play(chosen, scene, { inheritOutput: false, signal })
      } catch (error) {
        // Whatever a scene that was ended may say, it is about its end.
        if (signal.aborted) throw new JudgementCancelled('The scene was ended.')
        throw error
      }
    },
    cancel() {
      typing.abort()
      session.cancel()
      playing.abort()
    },
    async restartBroker() {
      await session.close()
      while (!closed) {
        const opened = await open().catch((error: Error) => error)
        if (!(opened instanceof Error)) {
          session = opened
          if (closed) await session.close()
          return emit({ kind: 'broker back' })
        }
        await new Promise((resolve) => setTimeout(resolve, BROKER_AGAIN_MS).unref())
      }
    },
    async close() {
      closed = true
      typing.abort()
      await session.close()
    },
  }
}

/** What an error of something that was at work means to watch mode. */
export function endOf(error: unknown): WatchEvent {
  if (error instanceof JudgementCancelled) return { kind: 'ended', sentence: '' }
  const { message } = error as Error
  return {
    kind: 'ended',
    sentence: error instanceof WorkbookError ? message : `The workbook failed: ${message}`,
  }
}

/** The names of the exercises that the learner has passed. */
export function passedExercises(root: string): Set<string> {
  const states = statesOf(learnerJournal(root).read().entries)
  return new Set([...states].flatMap(([name, { passed }]) => (passed ? [name] : [])))
}

async function answers({ bootstrap, security }: Broker): Promise<boolean> {
  try {
    const client = await connect(bootstrap, { timeoutMs: BROKER_ANSWERS_MS, security })
    try {
      await client.metadata([])
    } finally {
      client.close()
    }
    return true
  } catch {
    return false
  }
}
