import type { Confinement } from '../../answer/confine.ts'
import { markdownTable } from '../../verify/markdown-table.ts'
import { ATTACKS } from './attacks.ts'
import type { Outcome } from './range.ts'

export const MODES: Confinement[] = ['learn', 'strict', 'container']

/** What must not be: an attack that is credited in any mode, or does anything but fail in a container. */
export function complaints(outcomes: Outcome[]): string[] {
  return outcomes.flatMap(({ attack, mode, verdict, damage }) => {
    if (verdict === 'passed') return [`${attack} is credited in ${mode}`]
    if (mode !== 'container') return []
    if (verdict === 'dead') return [`${attack} ends the grader in ${mode}`]
    return damage.map((one) => `${attack} ${one} in ${mode}`)
  })
}

/** The table of docs/trust.md. */
export function attackTable(outcomes: Outcome[]): string[] {
  const rows = Object.entries(ATTACKS).flatMap(([aim, attacks]) =>
    attacks.map(({ name, what }, at) => [
      at === 0 ? `**${aim}**` : '',
      `\`${name}\``,
      what,
      ...MODES.map((mode) => cell(outcomes.find((one) => one.attack === name && one.mode === mode))),
    ]),
  )
  return markdownTable(['an answer that', 'attack', 'how', ...MODES], rows)
}

/** One line for each mode: how many attacks, and what came of them. */
export function summary(outcomes: Outcome[]): string[] {
  return MODES.flatMap((mode) => {
    const own = outcomes.filter((one) => one.mode === mode)
    if (own.length === 0) return []
    const count = (holds: (one: Outcome) => boolean) => own.filter(holds).length
    const did = ['wrote outside', 'learned a secret', 'touched another', 'spoke outside'] as const
    return [
      `${mode}: ${own.length} attacks, ${count(({ verdict }) => verdict === 'passed')} credited, ` +
        `${count(({ verdict }) => verdict === 'dead')} ended the grader, ` +
        did.map((one) => `${count(({ damage }) => damage.includes(one))} ${one}`).join(', '),
    ]
  })
}

function cell(outcome: Outcome | undefined): string {
  if (!outcome) return 'not tried'
  const { verdict, damage } = outcome
  const told = [
    verdict === 'passed' && '**credited**',
    verdict === 'dead' && '**ended the grader**',
    ...damage,
  ]
  return told.filter(Boolean).join(', ') || '-'
}
