import { readFileSync } from 'node:fs'
import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { nodeTooOld, OLDEST_NODE } from '../../bin/node-version.mjs'

test.each(['v20.19.0', 'v20.20.2', 'v22.12.0', 'v25.0.0-nightly'])('Node %s is new enough', (version) => {
  expect(nodeTooOld(version)).toBeNull()
})

test.each(['v20.18.3', 'v18.20.4', 'v12.22.12', 'v9.11.2'])('Node %s is told what to do', (version) => {
  const [problem, next] = (nodeTooOld(version) ?? '').split('\n')
  expect(problem).toBe(`The workbook needs Node 20.19 or newer; this is ${version.slice(1)}.`)
  expect(next).toContain('Install a newer one')
})

test('package.json asks for the same Node', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  expect(manifest.engines.node).toBe(`>=${OLDEST_NODE}`)
})

describe.each(['workbook.mjs', 'node-version.mjs'])('%s', (name) => {
  const source = readFileSync(new URL(`../../bin/${name}`, import.meta.url), 'utf8')

  test('has the syntax of 2017, so that an old Node can read it', async () => {
    // Node 12 has both of these, though they came later than 2017.
    const supported = { 'dynamic-import': true, 'import-meta': true }
    const { code } = await transform(source, { target: 'es2017', supported })
    expect(code).toBe((await transform(source, { target: 'esnext' })).code)
  })

  test('names no module that an old Node does not have', () => {
    const imported = [...source.matchAll(/(?:from |import\()'([^']+)'/g)].map(([, module]) => module)
    expect(imported.filter((module) => !module?.startsWith('./'))).toEqual([])
  })
})

test('the comparison notices newer syntax', async () => {
  const { code } = await transform('a?.b ?? c', { target: 'es2017' })
  expect(code).not.toContain('??')
})
