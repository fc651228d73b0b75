import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Exercise, listExercises } from '../../exercise/find.ts'

/** The workbook that is tested, and its exercises. */
export const ROOT = path.resolve(fileURLToPath(new URL('../../..', import.meta.url)))
export const EXERCISES: readonly Exercise[] = listExercises(ROOT)
