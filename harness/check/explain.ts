import { WorkbookError } from '../errors.ts'
import { BrokerError } from '../kafka/client/client.ts'
import type { CheckResult, NamedMistake } from '../result.ts'
import { AnswerError } from './answer-error.ts'
import { Mistake } from './mistake.ts'
import { cutAround, describePair } from './values.ts'

/** The part of a check's result that says why it did not pass. */
export type Explanation = Pick<
  CheckResult,
  'verdict' | 'message' | 'mistake' | 'expected' | 'actual' | 'at' | 'notWritten'
>

/**
 * Sorts what a check threw. A mistake, a failed `expect` and an AnswerError are about the answer; everything else is a
 * fault of the workbook or of the broker, and is never charged to the learner.
 */
export function explain(error: unknown): Explanation {
  if (error instanceof Mistake) return failed({ mistake: { id: error.id, sentence: error.sentence } })
  if (error instanceof AnswerError) return explainAnswerError(error)
  if (isAssertion(error)) return explainAssertion(error)
  if (error instanceof BrokerError) {
    return { verdict: 'error', message: `The broker did not do its part: ${error.message}` }
  }
  if (error instanceof WorkbookError) return { verdict: 'error', message: `${error.message}\n${error.hint}` }
  return { verdict: 'error', message: `This check itself went wrong: ${stackOf(error)}` }
}

/** Without the frames of the test runner, which say nothing about what went wrong. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const lines = (error.stack ?? error.message).split('\n')
  return lines.filter((line) => !/^ *at .*(node_modules|node:internal)/.test(line)).join('\n')
}

function explainAnswerError(error: AnswerError): Explanation {
  if (error.notWritten) return { ...failed({ message: error.message }), ...placed(error), notWritten: true }
  return { ...failed({ message: cutAround(error.message, 0) }), ...placed(error) }
}

function placed(error: AnswerError): Pick<Explanation, 'at'> {
  return error.at ? { at: error.at } : {}
}

function failed(why: {
  message?: string
  mistake?: NamedMistake
  expected?: string
  actual?: string
}): Explanation {
  return { verdict: 'failed', ...why }
}

interface Assertion extends Error {
  expected?: unknown
  actual?: unknown
}

/** Vitest's `expect` throws chai's AssertionError, or an error of that name. */
function isAssertion(error: unknown): error is Assertion {
  return error instanceof Error && error.name === 'AssertionError'
}

function explainAssertion(error: Assertion): Explanation {
  const pair = 'expected' in error || 'actual' in error ? describePair(error.expected, error.actual) : {}
  const message = ownWords(error.message)
  return failed({
    ...(message || !('expected' in pair) ? { message: message || error.message } : {}),
    ...pair,
  })
}

/** `expect(value, 'own words').toBe(...)` gives "own words: expected ... to be ..."; the rest is shown as a pair. */
function ownWords(message: string): string {
  const at = message.indexOf('expected ')
  return at <= 0 ? '' : message.slice(0, at).replace(/:\s*$/, '')
}
