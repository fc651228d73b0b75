import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Confinement } from '../../answer/confine.ts'
import { type Outcome, tryAttacks } from './range.ts'
import { attackTable, complaints, MODES, summary } from './table.ts'

const PAGE = path.join('docs', 'trust.md')
const BEGIN = '<!-- table: npm run cheats -- --write -->'
const END = '<!-- end of table -->'

/**
 * Tries all attacks in the modes that were asked for, all modes at once, and prints what came of them. Returns the exit code: 1
 * when one was credited, or did harm in a container.
 */
export async function run(root: string, built: string, graderFile: string): Promise<number> {
  const { values } = parseArgs({
    options: {
      mode: { type: 'string', multiple: true },
      attack: { type: 'string', multiple: true },
      write: { type: 'boolean' },
      check: { type: 'boolean' },
    },
  })
  const modes = MODES.filter((mode) => values.mode?.includes(mode) ?? true)
  const options = { root, built, graderFile, only: values.attack ?? [] }
  const tried = await Promise.all(modes.map((mode: Confinement) => tryAttacks(mode, options)))
  const outcomes = tried.flat()
  for (const outcome of outcomes) process.stdout.write(`${lineOf(outcome)}\n`)
  const found = complaints(outcomes)
  const page = pageWith(root, outcomes)
  if (values.write) writeFileSync(path.join(root, PAGE), page)
  else if (values.check && page !== readFileSync(path.join(root, PAGE), 'utf8'))
    found.push(`${PAGE} has another table: npm run cheats -- --write`)
  process.stdout.write(`\n${[...summary(outcomes), ...found.map((one) => `NO: ${one}`)].join('\n')}\n`)
  return found.length === 0 ? 0 : 1
}

function lineOf({ attack, mode, verdict, passed, checks, damage, durationMs }: Outcome): string {
  return [
    mode.padEnd(10),
    attack.padEnd(22),
    `${verdict} ${passed}/${checks}`.padEnd(20),
    `${durationMs} ms`.padStart(9),
    damage.join(', '),
  ].join(' ')
}

function pageWith(root: string, outcomes: Outcome[]): string {
  const [before, rest = ''] = readFileSync(path.join(root, PAGE), 'utf8').split(BEGIN)
  const [, after] = rest.split(END)
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has lost the marks of its table`)
  const text = ['', ...summary(outcomes).map((line) => `- ${line}`), '', ...attackTable(outcomes), '']
  return `${before}${BEGIN}\n${text.join('\n')}\n${END}${after}`
}
