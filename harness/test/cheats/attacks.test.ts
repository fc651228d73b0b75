import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ATTACKS } from './attacks.ts'

const folder = fileURLToPath(new URL('attacks', import.meta.url))
const listed = Object.values(ATTACKS).flat()

test('every attack has its file, and every file is listed once', () => {
  expect(listed.map(({ name }) => `${name}.ts`).sort()).toEqual(readdirSync(folder).sort())
})

test('docs/trust.md says what every attack came to', () => {
  const page = readFileSync(path.join(folder, '..', '..', '..', '..', 'docs', 'trust.md'), 'utf8')
  for (const { name, what } of listed) expect(page).toContain(`\`${name}\` | ${what} |`)
  expect(page).not.toMatch(/\| not tried \||credited\*\*/)
})
