import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { ROOT } from '../quiz/shipped.ts'

test('the row of --plain names every command that takes it', () => {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8')
  const row = readme.split('\n').find((line) => line.startsWith('| `npm test 03 -- --plain`')) ?? ''
  const [, also = ''] = /also (.*?)\)/.exec(row) ?? []
  const named = ['test', ...[...also.matchAll(/`(\w+)`/g)].map(([, name]) => name)]
  const taking = Object.entries(COMMANDS).filter(([, { options }]) => options.plain)
  expect(named.sort()).toEqual(taking.map(([name]) => name).sort())
})
