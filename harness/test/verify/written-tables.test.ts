import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { apiTable } from '../../verify/api-table.ts'
import { pagesWithTables } from '../../verify/written-tables.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

test.each([...pagesWithTables(ROOT)])(
  'the table in %s is what the workbook holds (npm run verify -- --write-tables)',
  (page, text) => {
    expect(readFileSync(path.join(ROOT, page), 'utf8')).toBe(text)
  },
)

test('the table of APIs names versions of this broker and of Kafka', () => {
  expect(apiTable(ROOT).join('\n')).toMatch(/^\| 18 \| ApiVersions \| \d-\d \| 0-4 \|$/m)
})
