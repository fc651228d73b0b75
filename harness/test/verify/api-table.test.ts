import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { pageWithTable, TABLE_PAGE } from '../../verify/api-table.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

test('the table of APIs says what the handlers serve (npm run verify -- --write-tables)', () => {
  expect(readFileSync(path.join(ROOT, TABLE_PAGE), 'utf8')).toBe(pageWithTable(ROOT))
})

test('it names versions of this broker and of Kafka', () => {
  expect(pageWithTable(ROOT)).toMatch(/^\| 18 \| ApiVersions \| \d-\d \| 0-4 \|$/m)
})
