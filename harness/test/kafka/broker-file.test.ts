import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readBrokerFile, removeBrokerFile, writeBrokerFile } from '../../kafka/broker-file.ts'

const CONTENT = { id: 'c1', image: 'kafka', bootstrap: '127.0.0.1:1', startedAt: '2026-03-14T09:26:53.589Z' }
let root: string

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'broker-file-'))
})

afterEach(() => {
  vi.unstubAllEnvs()
  fs.rmSync(root, { recursive: true, force: true })
})

test('is read as it was written, and is gone when removed', () => {
  expect(readBrokerFile(root)).toBeNull()
  expect(writeBrokerFile(root, CONTENT)).toBe(true)
  expect(readBrokerFile(root)).toEqual(CONTENT)
  removeBrokerFile(root)
  expect(readBrokerFile(root)).toBeNull()
})

test('the first of two writers wins', () => {
  expect(writeBrokerFile(root, CONTENT)).toBe(true)
  expect(writeBrokerFile(root, { ...CONTENT, id: 'c2' })).toBe(false)
  expect(readBrokerFile(root)?.id).toBe('c1')
})

test.each(['', '{"id":', 'null', '{"id":"c1"}', '{"id":1,"image":2,"bootstrap":3,"startedAt":4}'])(
  'damaged content (%s) counts as none',
  (text) => {
    fs.mkdirSync(path.join(root, '.workbook'))
    fs.writeFileSync(path.join(root, '.workbook', 'broker.json'), text)
    expect(readBrokerFile(root)).toBeNull()
  },
)

test('lies in the temporary folder when the workbook cannot be written to', () => {
  const temporary = fs.mkdtempSync(path.join(root, 'temporary-'))
  vi.stubEnv('TMPDIR', temporary)
  fs.writeFileSync(path.join(root, '.workbook'), 'not a folder')
  expect(writeBrokerFile(root, CONTENT)).toBe(true)
  expect(fs.readdirSync(temporary)).toHaveLength(1)
  expect(readBrokerFile(root)).toEqual(CONTENT)
  removeBrokerFile(root)
  expect(readBrokerFile(root)).toBeNull()
})
