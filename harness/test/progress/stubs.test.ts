import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { beginWith, hasNewStub, stubAtFirst } from '../../progress/stubs.ts'

const base = mkdtempSync(path.join(os.tmpdir(), 'stubs-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))
let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(base, 'root-'))
})
const isNews = (stub: string) => hasNewStub(root, '03-produce-event', stub)

test('a stub that changed is told once, and the first one stays known', () => {
  expect(['one\n', 'one\n', 'two\n', 'two\n', 'three\n', 'three\n'].map(isNews)).toEqual([
    false,
    false,
    true,
    false,
    true,
    false,
  ])
  expect(stubAtFirst(root, '03-produce-event')).toBe('one\n')
  expect(stubAtFirst(root, '05-partition-for-key')).toBeNull()
})

test('line ends are no change', () => {
  expect(['one\n', 'one\r\n'].map(isNews)).toEqual([false, false])
})

test('who begins anew begins with the stub of today', () => {
  isNews('one\n')
  beginWith(root, '03-produce-event', 'two\n')
  expect(isNews('two\n')).toBe(false)
})

test('what cannot be read is told', () => {
  mkdirSync(path.join(root, '.workbook', 'stubs', '03-produce-event.ts'), { recursive: true })
  expect(() => isNews('one\n')).toThrow(/03-produce-event.ts cannot be read/)
})

test('what cannot be remembered is told', () => {
  writeFileSync(path.join(root, '.workbook'), 'not a folder')
  expect(() => isNews('one\n')).toThrow(/cannot be remembered/)
})
