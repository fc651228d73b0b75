import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Saves, watchSaves } from '../../run/saves.ts'

let folder: string
let file: string
let saves: Saves
const onSave = vi.fn()

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'workbook-saves-'))
  file = path.join(folder, 'answer.ts')
  writeFileSync(file, 'one')
  onSave.mockClear()
  saves = watchSaves(onSave)
  saves.attend(file)
})
afterEach(() => {
  saves.close()
  rmSync(folder, { recursive: true, force: true })
})

const noticed = (times: number) =>
  vi.waitFor(() => expect(onSave).toHaveBeenCalledTimes(times), { timeout: 20_000 })

test.each<[string, () => void]>([
  ['written in place', () => writeFileSync(file, 'two')],
  ['appended to', () => appendFileSync(file, 'two')],
  [
    'written beside it and renamed, as many editors do',
    () => {
      writeFileSync(`${file}~`, 'two')
      renameSync(`${file}~`, file)
    },
  ],
  [
    'moved away and written anew',
    () => {
      renameSync(file, `${file}.bak`)
      writeFileSync(file, 'two')
    },
  ],
])('a file %s is one save', async (_, save) => {
  save()
  await noticed(1)
  // One more, so that a second call for the first would be seen.
  writeFileSync(file, 'three')
  await noticed(2)
})

test('the same bytes again are no save', async () => {
  writeFileSync(file, 'one')
  rmSync(file)
  writeFileSync(file, 'one')
  writeFileSync(file, 'two')
  await noticed(1)
})

test('a file that is empty for a moment is half a save', async () => {
  truncateSync(file)
  const written = new Promise((resolve) => setImmediate(resolve))
  await written
  writeFileSync(file, 'two')
  await noticed(1)
  expect(onSave).toHaveBeenCalledTimes(1)
})

test("another file in the folder is nobody's save, and after attend the other one counts", async () => {
  const other = path.join(folder, 'other.ts')
  writeFileSync(other, 'one')
  saves.attend(other)
  writeFileSync(file, 'two')
  writeFileSync(other, 'two')
  await noticed(1)
})
