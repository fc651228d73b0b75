import path from 'node:path'
import { windowOf } from '../report/window.ts'
import type { CheckResult, ExerciseResult, Place } from '../result.ts'

const MOST_WIRE_LINES = 8
const MOST_LOG_LINES = 5
const MOST_CHARACTERS = 1000

/**
 * What a class needs of a result: the words, and of wire and output the lines around the fault. The file is called
 * `NN-name/name.ts`, whoever handed it in, and no longer as in the folder where it was judged.
 */
export function slimResult(result: ExerciseResult, staged: string): ExerciseResult {
  const handed = `${result.exercise}/${path.basename(staged)}`
  const folder = path.dirname(staged) + path.sep
  const text = (said: string) =>
    said.replaceAll(staged, handed).replaceAll(folder, '').slice(0, MOST_CHARACTERS)
  const place = (at: Place): Place => ({ ...at, file: at.file === staged ? handed : text(at.file) })
  const checks = result.checks.map((check): CheckResult => {
    const { logFile: _, callFile: __, ...rest } = check
    return {
      ...rest,
      ...(check.message !== undefined && { message: text(check.message) }),
      ...(check.expected !== undefined && { expected: text(check.expected) }),
      ...(check.actual !== undefined && { actual: text(check.actual) }),
      ...(check.at && { at: place(check.at) }),
      ...(check.calls && { calls: check.calls.map(text) }),
      wire: windowOf(check.wire, MOST_WIRE_LINES).map((line) => ({ ...line, text: text(line.text) })),
      ownership: [],
      logs: check.logs.slice(0, MOST_LOG_LINES).map((log) => ({
        ...log,
        text: text(log.text),
        ...(log.at && { at: place(log.at) }),
      })),
    }
  })
  return { ...result, answer: { ...result.answer, path: handed }, checks }
}
