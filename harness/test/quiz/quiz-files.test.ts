import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import { quizAbout, quizFiles, quizzesAbout } from '../../quiz/quiz-files.ts'

const base = mkdtempSync(path.join(os.tmpdir(), 'quiz-files-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(base, 'root-'))
  mkdirSync(path.join(root, 'quizzes'))
  writeFileSync(path.join(root, 'quizzes', 'keys.md'), '- [ ] It hashes <!-- m=05/math-abs -->\n')
})

test('the quiz about a mistake is known by its mark; one that cannot be read is passed over', () => {
  mkdirSync(path.join(root, 'quizzes', 'a-folder.md'))
  expect(quizAbout(root, '05/math-abs')).toBe('keys')
  expect(quizAbout(root, '05/math')).toBeNull()
})

test('each mistake is looked for once', () => {
  const about = quizzesAbout(root)
  expect([about('05/math-abs'), about('05/other')]).toEqual(['keys', null])
  writeFileSync(path.join(root, 'quizzes', 'keys.md'), '- [ ] It hashes <!-- m=05/other -->\n')
  expect([about('05/math-abs'), about('05/other')]).toEqual(['keys', null])
  expect(quizzesAbout(root)('05/other')).toBe('keys')
})

test('quizzes that are no folder are told, and cost no verdict', () => {
  rmSync(path.join(root, 'quizzes'), { recursive: true })
  writeFileSync(path.join(root, 'quizzes'), 'not a folder')
  expect(() => quizFiles(root)).toThrow(WorkbookError)
  expect(quizAbout(root, '05/math-abs')).toBeNull()
})
