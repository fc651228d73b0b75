import { readFileSync } from 'node:fs'
import { answerIds } from '../exercise/answer.ts'
import type { Exercise } from '../exercise/find.ts'
import { readPage } from '../exercise/find.ts'
import { HINT_TIERS, readHints } from '../exercise/hints.ts'
import { median } from '../median.ts'
import type { ExerciseResult } from '../result.ts'
import { markdownTable } from './markdown-table.ts'
import type { Promised } from './promises.ts'

/** One answer and what came of it, in one round on one broker. */
export interface Round {
  promised: Promised
  result: ExerciseResult
}

/**
 * A Markdown table of the exercises: what each of them has, and how long its solution takes on each broker (the median of
 * all rounds, in seconds). `brokers` are the columns, by the name of the broker.
 */
export function exerciseTable(
  exercises: readonly Exercise[],
  brokers: ReadonlyMap<string, Round[]>,
): string[] {
  const heads = ['exercise', 'kind', 'words', 'checks', 'alternatives', 'mistakes', 'hints']
  const columns = [...heads, ...[...brokers.keys()].map((kind) => `seconds (${kind})`)]
  const rows = exercises.map((exercise) => {
    const [first] = [...brokers.values()].map((rounds) => solutions(exercise, rounds)[0])
    return [
      exercise.name,
      readPage(exercise).kind,
      words(exercise),
      checks(first),
      answerIds(exercise, 'alternatives').length,
      answerIds(exercise, 'mistakes').length,
      HINT_TIERS.filter((tier) => readHints(exercise)[tier]).length,
      ...[...brokers.values()].map((rounds) => seconds(solutions(exercise, rounds))),
    ]
  })
  return markdownTable(columns, rows)
}

function solutions(exercise: Exercise, rounds: readonly Round[]): ExerciseResult[] {
  const of = rounds.filter(({ promised }) => promised.exercise.name === exercise.name)
  return of.filter(({ promised }) => promised.name === 'solution').map(({ result }) => result)
}

/** Words of the page that a learner reads: code blocks and the front lines do not count. */
function words(exercise: Exercise): number {
  const prose = readFileSync(exercise.pageFile, 'utf8')
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/^(Objective|Kind|Minutes|Mistake|Quiz):.*$/gm, '')
  return prose.split(/\s+/).filter((word) => /\w/.test(word)).length
}

function checks(result: ExerciseResult | undefined): string {
  if (!result) return ''
  const stretch = result.checks.filter((check) => check.stretch).length
  const needed = result.checks.length - stretch
  return stretch > 0 ? `${needed} and ${stretch} stretch` : `${needed}`
}

function seconds(results: readonly ExerciseResult[]): string {
  if (results.length === 0) return ''
  return (median(results.map(({ durationMs }) => durationMs)) / 1000).toFixed(2)
}
