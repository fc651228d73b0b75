import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isAlive } from '../../is-alive.ts'
import { fetchKafka } from '../../verify/kafka-jars.ts'
import { keepVersion, readVersions, versionTable } from '../../verify/kafka-versions.ts'

let root: string

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'versions-'))
  fs.mkdirSync(path.join(root, 'harness', 'verify'), { recursive: true })
})

afterEach(() => {
  vi.unstubAllEnvs()
  fs.rmSync(root, { recursive: true, force: true })
})

test('every version has one row, the last one, and 4.10 comes after 4.9', () => {
  const row = { exercises: 'all', answers: 900, differences: 0, on: '2026-11-21' }
  for (const kafka of ['4.10.0', '4.9.1', '4.0.1']) keepVersion(root, { ...row, kafka })
  keepVersion(root, { kafka: '4.9.1', exercises: '02 03', answers: 40, differences: 1, on: '2026-11-22' })
  expect(readVersions(root).map(({ kafka }) => kafka)).toEqual(['4.0.1', '4.9.1', '4.10.0'])
  expect(versionTable(root).slice(2)).toEqual([
    '| 4.0.1 | all | 900 | 0 | 2026-11-21 |',
    '| 4.9.1 | 02 03 | 40 | 1 | 2026-11-22 |',
    '| 4.10.0 | all | 900 | 0 | 2026-11-21 |',
  ])
})

test('jars that are here are not fetched again', async () => {
  const folder = path.join(root, '.workbook', 'kafka', '4.0.1')
  fs.mkdirSync(folder, { recursive: true })
  vi.stubEnv('PATH', '')
  expect(await fetchKafka(root, '4.0.1', () => {}).folder).toBe(folder)
})

test.each(['4.0', 'latest', '../4.0.1', '4.0.1-rc1'])('%s is no version', async (version) => {
  await expect(fetchKafka(root, version, () => {}).folder).rejects.toThrow(
    `"${version}" is no version of Kafka`,
  )
})

test.skipIf(process.platform === 'win32')('without Maven it says so, and leaves nothing', async () => {
  vi.stubEnv('PATH', root)
  await expect(fetchKafka(root, '4.0.1', () => {}).folder).rejects.toThrow('Maven does not start')
  expect(fs.existsSync(path.join(root, '.workbook', 'kafka', '4.0.1'))).toBe(false)
})

test.skipIf(process.platform === 'win32')(
  'when it is interrupted, Maven and its Java end, and nothing half stays',
  async () => {
    const bin = path.join(root, 'bin')
    fs.mkdirSync(bin)
    // As Maven's own script: it starts Java, waits for it, and makes the folder meanwhile.
    const script = `#!/bin/sh
for word; do case $word in -DoutputDirectory=*) mkdir -p "\${word#*=}";; esac; done
sleep 300 &
echo $! > "${root}/java.pid"
wait
`
    fs.writeFileSync(path.join(bin, 'mvn'), script, { mode: 0o755 })
    vi.stubEnv('PATH', `${bin}${path.delimiter}${process.env.PATH}`)
    const fetching = fetchKafka(root, '4.0.1', () => {})
    const java = () => Number(fs.readFileSync(path.join(root, 'java.pid'), { encoding: 'utf8', flag: 'a+' }))
    await expect.poll(java, { timeout: 20_000 }).toBeGreaterThan(0)
    const ended = expect(fetching.folder).rejects.toThrow('Kafka 4.0.1 could not be fetched')
    await fetching.end()
    await ended
    await expect.poll(() => isAlive(java()), { timeout: 20_000 }).toBe(false)
    expect(fs.readdirSync(path.join(root, '.workbook', 'kafka'))).toEqual([])
  },
  60_000,
)
