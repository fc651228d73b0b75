import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Confinement } from '../../answer/confine.ts'
import { ATTACKS } from './attacks.ts'
import { type Outcome, tryAttacks } from './range.ts'
import { attackTable, complaints, MODES, summary } from './table.ts'

const PAGE = path.join('docs', 'trust.md')
const BEGIN = '<!-- table: npm run cheats -- --write -->'
/** Graders at work for each mode: starting containers takes longest. */
const GRADERS: Record<Confinement, number> = { learn: 1, strict: 1, container: 2 }
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
    },
  })
  const modes = MODES.filter((mode) => values.mode?.includes(mode) ?? true)
  const wanted = Object.values(ATTACKS)
    .flat()
    .filter(({ name }) => values.attack?.includes(name) ?? true)
  if (modes.length === 0 || wanted.length === 0) throw new Error('There is no such mode, or no such attack.')
  const tried = await Promise.all(
    modes.flatMap((mode) =>
      dealt(wanted, GRADERS[mode]).map((attacks) => tryAttacks(mode, { root, built, graderFile, attacks })),
    ),
  )
  const outcomes = tried.flat()
  for (const outcome of outcomes) process.stdout.write(`${lineOf(outcome)}\n`)
  const found = complaints(outcomes)
  if (values.write) writeFileSync(path.join(root, PAGE), pageWith(root, outcomes))
  process.stdout.write(`\n${[...summary(outcomes), ...found.map((one) => `NO: ${one}`)].join('\n')}\n`)
  return found.length === 0 ? 0 : 1
}

function dealt<T>(items: readonly T[], hands: number): T[][] {
  return Array.from({ length: hands }, (_, hand) => items.filter((_item, at) => at % hands === hand))
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
