import path from 'node:path'
import type { Ending, ThrownError } from '../answer/messages.ts'
import { WorkbookError } from '../errors.ts'
import type { Place } from '../result.ts'

/** The answer did not do what a scene needs: it threw, hung, exited, did not compile. Its message is a whole sentence. */
export class AnswerError extends Error {
  override name = 'AnswerError'
  readonly ending: Ending['kind'] | 'no pause'
  readonly at: Place | undefined
  /** What the answer threw, when it threw. */
  readonly thrown: ThrownError | undefined

  constructor(
    ending: AnswerError['ending'],
    message: string,
    about: { at?: Place | undefined; thrown?: ThrownError } = {},
  ) {
    super(message)
    this.ending = ending
    this.at = about.at
    this.thrown = about.thrown
  }

  /** "Not written yet" is an error that starts with TODO, and nothing else. */
  get notWritten(): boolean {
    return this.thrown?.message.startsWith('TODO') ?? false
  }
}

/** What the wire adds to an ending, in sentences; empty strings where it adds nothing. */
export interface WireContext {
  /** "The last request was Fetch wb-..., 3.1 s earlier." */
  lastRequest: string
  /** "The broker had already stored 1 record." */
  stored: string
}

/**
 * The sentence for an ending, as an error to throw; null when the scene returned. A WorkbookError where the answer had no
 * part in it.
 */
export function endingError(ending: Ending, wire: WireContext): AnswerError | WorkbookError | null {
  switch (ending.kind) {
    case 'returned':
      return null
    case 'not run':
      return new WorkbookError(ending.reason, 'Try again; what the system said may be above this.')
    case 'threw':
      return threw(ending.thrown, wire)
    case 'not compiled':
      return notCompiled(ending.problems)
    case 'deadline':
      return deadline(ending, wire)
    case 'exited':
      return new AnswerError(
        'exited',
        `Your code ended the whole process${how(ending)} before the scene was over.`,
        { at: ending.at },
      )
    case 'output limit':
      return new AnswerError(
        'output limit',
        `Your code printed more than ${megabytes(ending.limitBytes)}; it was stopped.`,
      )
    case 'memory limit':
      return new AnswerError(
        'memory limit',
        `Your code used more than ${megabytes(ending.limitBytes)} of memory; it was stopped.`,
      )
    case 'killed':
      return new AnswerError('killed', 'The scene was killed by this check.')
    case 'keeper lost':
      return new AnswerError(
        'keeper lost',
        'Your code ended the process that watches over it. The scene ends here.',
      )
  }
}

/** Node's own words name an option that whoever wrote the answer cannot give. */
const DENIED = 'An answer that is graded may neither read or write files nor start programs.'

function threw(thrown: ThrownError, wire: WireContext): AnswerError {
  const what = `${thrown.name}: ${thrown.message}`
  const cause = thrown.cause ? ` (because of ${thrown.cause.name}: ${thrown.cause.message})` : ''
  const isDenied = thrown.code === 'ERR_ACCESS_DENIED'
  const message = thrown.message.startsWith('TODO')
    ? thrown.message
    : sentence(
        `Your code threw ${what}${cause}`,
        [isDenied ? DENIED : '', wire.stored].filter(Boolean).join(' '),
      )
  return new AnswerError('threw', message, { at: thrown.at, thrown })
}

function notCompiled(problems: { text: string; at?: Place }[]): AnswerError {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return new AnswerError(
    'not compiled',
    `Your code does not compile: ${first?.text ?? 'no reason given'}${more}`,
    { at: first?.at },
  )
}

function deadline(ending: Extract<Ending, { kind: 'deadline' }>, wire: WireContext): AnswerError {
  const seconds = `${ending.deadlineMs / 1000} s`
  if (ending.loopAt) {
    const { file, line, within } = ending.loopAt
    const where = `${within ? `${within}(), ` : ''}${path.basename(file)}:${line}`
    return new AnswerError(
      'deadline',
      `Your code loops without end: after ${seconds} it was still at ${where}.`,
      { at: ending.loopAt },
    )
  }
  if (ending.pausedAt) {
    return new AnswerError(
      'deadline',
      `The scene stood at "${ending.pausedAt}" and was not let go within ${seconds}.`,
    )
  }
  return new AnswerError(
    'deadline',
    sentence(
      `Your code was not done after ${seconds}: it waits for something that does not come`,
      wire.lastRequest,
    ),
  )
}

function how(ending: { code: number | null; signal: string | null }): string {
  if (ending.signal) return ` (${ending.signal})`
  return ending.code === null ? '' : ` (exit code ${ending.code})`
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}

function sentence(first: string, second: string): string {
  const start = /[.!?]$/.test(first) ? first : `${first}.`
  return second ? `${start} ${second}` : start
}
