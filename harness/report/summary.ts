import type { ExerciseResult, Verdict } from '../result.ts'
import { type Look, paint, plain, seconds } from './style.ts'

const FORMATS = { passed: 'green', failed: 'red', 'not written': 'yellow', error: 'magenta' } as const
const WORDS = { passed: 'passed', failed: 'failed', 'not written': 'not written', error: 'not judged' }

/** A line for each of several results, with the mistakes that were named, and a last one that counts them. */
export function summaryLines(results: readonly ExerciseResult[], look: Look): string[] {
  const name = Math.max(...results.map(({ exercise }) => exercise.length))
  const word = Math.max(...results.map(({ verdict }) => WORDS[verdict].length))
  const lines = results.map(({ exercise, verdict, durationMs, checks }) => {
    const mistakes = [...new Set(checks.flatMap(({ mistake }) => mistake?.id ?? []))].join(', ')
    const verdictWord = paint(look, FORMATS[verdict], WORDS[verdict].padEnd(word))
    return `  ${exercise.padEnd(name)}  ${verdictWord}  ${seconds(durationMs).padStart(7)}  ${plain(mistakes)}`.trimEnd()
  })
  const total = results.reduce((sum, { durationMs }) => sum + durationMs, 0)
  return ['', ...lines, '', `  ${counts(results)} in ${seconds(total)}`, '']
}

function counts(results: readonly ExerciseResult[]): string {
  const verdicts: Verdict[] = ['passed', 'failed', 'not written', 'error']
  return verdicts
    .map((one) => [results.filter(({ verdict }) => verdict === one).length, WORDS[one]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ')
}
