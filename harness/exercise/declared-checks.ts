import { existsSync, readFileSync } from 'node:fs'
import { checkFiles } from './check-files.ts'
import type { Exercise } from './find.ts'

/** A check as it is declared: its id, its title, its options. `verify` sees to it that every check begins like this. */
export const DECLARATION = /^check\(\s*(['"])(.+?)\1,\s*(['"])(.+?)\3,\s*(\{[^}]*\})?/gms

/** What is known of a check before anything runs. */
export interface DeclaredCheck {
  /** `03-produce-event/key-is-order-id` */
  id: string
  title: string
  points: number
  stretch: boolean
}

/** The checks of an exercise in their order, read from its files and not from a run: no answer can add one, or lose one. */
export function declaredChecks(exercise: Exercise): DeclaredCheck[] {
  const files = checkFiles(exercise).filter((file) => existsSync(file))
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(DECLARATION)].map(
      ([, , id = '', , title = '', options = '']) => ({
        id: `${exercise.name}/${id}`,
        title,
        points: Number(/\bpoints:\s*(\d+)/.exec(options)?.[1] ?? 1),
        stretch: /\bstretch:\s*true\b/.test(options),
      }),
    ),
  )
}
