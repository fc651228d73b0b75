import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import type { Exercise } from './find.ts'

export const HINT_TIERS = ['Nudge', 'Pointer', 'Near-solution'] as const
export type HintTier = (typeof HINT_TIERS)[number]

/** The hints of an exercise, from the vaguest to the plainest. Throws a WorkbookError when a tier is missing. */
export function readHints(exercise: Exercise): Record<HintTier, string> {
  const where = path.relative(process.cwd(), exercise.hintsFile)
  const restore = `Restore it: git checkout -- ${where}`
  if (!existsSync(exercise.hintsFile)) throw new WorkbookError(`${where} is missing.`, restore)
  const sections = readFileSync(exercise.hintsFile, 'utf8').replaceAll('\r\n', '\n').split(/^## +/m)
  const hint = (tier: HintTier) => {
    const section = sections.find((one) => one.startsWith(`${tier}\n`))
    const text = section?.slice(tier.length).trim()
    if (!text) throw new WorkbookError(`${where} has no section "## ${tier}".`, restore)
    return text
  }
  return { Nudge: hint('Nudge'), Pointer: hint('Pointer'), 'Near-solution': hint('Near-solution') }
}
