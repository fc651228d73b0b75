import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  type BrokerFile,
  listBrokerFiles,
  readBrokerFile,
  removeBrokerFile,
  writeBrokerFile,
} from '../../kafka/broker-file.ts'

const CONTENT: BrokerFile = {
  kind: 'container',
  nodes: ['c1'],
  version: '4.3.1',
  bootstrap: '127.0.0.1:1',
  startedAt: '2026-03-14T09:26:53.589Z',
}
const CLUSTER: BrokerFile = { ...CONTENT, kind: 'jvm', nodes: ['a', 'b', 'c'] }
let root: string
const read = () => readBrokerFile(root, 'container', 1)

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'broker-file-'))
})

afterEach(() => {
  vi.unstubAllEnvs()
  fs.rmSync(root, { recursive: true, force: true })
})

test('is read as it was written, and is gone when removed', () => {
  expect(read()).toBeNull()
  expect(writeBrokerFile(root, CONTENT)).toBe(path.join(root, '.workbook', 'broker-container-1.json'))
  expect(read()).toEqual(CONTENT)
  removeBrokerFile(root, 'container', 1)
  expect(read()).toBeNull()
})

test('every kind and number of nodes has its own', () => {
  writeBrokerFile(root, CONTENT)
  writeBrokerFile(root, CLUSTER)
  expect(listBrokerFiles(root)).toEqual([CONTENT, CLUSTER])
  expect(readBrokerFile(root, 'jvm', 1)).toBeNull()
  removeBrokerFile(root, 'container', 1)
  expect(listBrokerFiles(root)).toEqual([CLUSTER])
})

test('the first of two writers wins', () => {
  expect(writeBrokerFile(root, CONTENT)).not.toBeNull()
  expect(writeBrokerFile(root, { ...CONTENT, nodes: ['c2'] })).toBeNull()
  expect(read()?.nodes).toEqual(['c1'])
})

test.each([
  '',
  '{"kind":',
  'null',
  '{"kind":"container","nodes":["c1"]}',
  '{"kind":"vm","nodes":["c1"],"version":"4","bootstrap":"a:1","startedAt":"now"}',
  '{"kind":"container","nodes":[1],"version":"4","bootstrap":"a:1","startedAt":"now"}',
  '{"kind":"container","nodes":["c1","c2"],"version":"4","bootstrap":"a:1","startedAt":"now"}',
])('damaged content (%s) counts as none', (text) => {
  fs.mkdirSync(path.join(root, '.workbook'))
  fs.writeFileSync(path.join(root, '.workbook', 'broker-container-1.json'), text)
  expect(read()).toBeNull()
})

test('lies in the temporary folder when the workbook cannot be written to', () => {
  const temporary = fs.mkdtempSync(path.join(root, 'temporary-'))
  vi.stubEnv('TMPDIR', temporary)
  fs.writeFileSync(path.join(root, '.workbook'), 'not a folder')
  expect(writeBrokerFile(root, CONTENT)).not.toBeNull()
  expect(fs.readdirSync(temporary)).toHaveLength(1)
  expect(read()).toEqual(CONTENT)
  removeBrokerFile(root, 'container', 1)
  expect(read()).toBeNull()
})
