import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { findExercise, listExercises } from '../exercise/find.ts'
import { pristineStub } from '../exercise/pristine.ts'
import { isAlive } from '../is-alive.ts'
import { Debugging, runWithoutDebugger } from './debugger/debugging.ts'
import { type LaunchEntry, launchEntries, matchesGlobs, resolveEntry } from './debugger/launch-config.ts'
import type { SourceLine } from './debugger/mapped-script.ts'
import { copyWorkbook, ROOT } from './debugger/workbook-copy.ts'

/** The deadline of a scene, and the time that the watchdog gets after it. */
const DEADLINE_MS = 5000 + 1000
/** Every process waits for the debugger, and the machine may be busy. */
const LONG = { timeout: 120_000 }

describe('the entries of launch.json', () => {
  const entries = launchEntries(ROOT)
  const systems = [
    { system: 'Linux', paths: path.posix, workspaceFolder: '/home/zoë/workbook' },
    { system: 'macOS', paths: path.posix, workspaceFolder: '/Users/zoë/My workbook' },
    { system: 'Windows', paths: path.win32, workspaceFolder: 'C:\\Users\\zoë\\My workbook' },
  ]
  const cases = systems.flatMap((system) => entries.map((entry) => ({ ...system, entry, name: entry.name })))

  test('there is one to play and one to test', () => {
    expect(entries.map(({ name }) => name)).toEqual(['Play this exercise', 'Test this exercise'])
  })

  test.each(cases)(
    '$name on $system: any open file of an exercise means it',
    ({ paths, workspaceFolder, entry }) => {
      const folder = paths.join(workspaceFolder, 'exercises', '03-produce-event')
      for (const name of [
        'README.md',
        'produce-event.ts',
        'produce-event.scenes.ts',
        'produce-event.check.ts',
      ]) {
        const resolved = resolveEntry(entry, { workspaceFolder, file: paths.join(folder, name) }, paths)
        expect(resolved.program).toBe(`${workspaceFolder}/harness/bin/workbook.mjs`)
        const [command, wanted = ''] = resolved.args
        expect(findExercise(listExercises(ROOT), wanted).name).toBe('03-produce-event')
        expect(command).toBe(entry.name.split(' ')[0]?.toLowerCase())
      }
    },
  )

  test.each(cases)(
    '$name on $system: bundles and their maps are looked for where they lie',
    ({ paths, workspaceFolder, entry }) => {
      const { outFiles, resolveSourceMapLocations } = resolveEntry(
        entry,
        { workspaceFolder, file: paths.join(workspaceFolder, 'README.md') },
        paths,
      )
      const bundle = paths.join(workspaceFolder, '.workbook', 'build', 'answers-1', '03-produce-event-1.mjs')
      const foreign = paths.join(workspaceFolder, 'node_modules', 'kafkajs', 'index.js')
      expect([bundle, foreign].map((file) => matchesGlobs(file, outFiles))).toEqual([true, false])
      const maps = [`${bundle}.map`, `${foreign}.map`]
      expect(maps.map((file) => matchesGlobs(file, resolveSourceMapLocations))).toEqual([true, false])
    },
  )
})

describe('a learner who debugs', () => {
  let root: string
  let answerFile: string
  let scenesFile: string

  beforeAll(() => {
    root = copyWorkbook()
    const exercise = findExercise(listExercises(root), '03')
    answerFile = exercise.file
    scenesFile = exercise.scenesFile as string
  })

  afterAll(() => fs.rmSync(root, { recursive: true, force: true, maxRetries: 3 }))

  /** The real entry, for the exercise that is open; only the broker is chosen. */
  function entryFor(name: string): LaunchEntry {
    const entry = launchEntries(root).find((one) => one.name === name) as LaunchEntry
    const resolved = resolveEntry(entry, { workspaceFolder: root, file: answerFile }, path)
    return { ...resolved, args: [...resolved.args, '--broker', 'embedded'] }
  }

  function debug(entry: LaunchEntry, breakpoint: SourceLine): Debugging {
    const debugging = new Debugging(entry, breakpoint)
    onTestFinished(() => debugging.close())
    return debugging
  }

  function writeSolution(): void {
    fs.copyFileSync(path.join(ROOT, 'solutions', '03-produce-event', 'produce-event.ts'), answerFile)
  }

  function writeStub(): void {
    fs.writeFileSync(answerFile, pristineStub(findExercise(listExercises(root), '03'), root))
  }

  test('tests: stops in the answer for longer than the deadline, and gets the verdict', LONG, async () => {
    writeSolution()
    const entry = entryFor('Test this exercise')
    const line = lineWith(answerFile, 'await producer.send(')
    const debugging = debug(entry, line)
    const stop = await debugging.stopped()
    expect(stop).toMatchObject(line)
    expect(stop.locals).toEqual(expect.arrayContaining(['producer', 'topic', 'event']))
    expect(await stop.evaluate('event.orderId')).toBe('ORD-1042')
    expect(matchesGlobs(stop.scriptFile, entry.outFiles)).toBe(true)

    await pastTheDeadline()
    await debugging.removeBreakpoints()
    await stop.resume()
    const { code, stdout } = await debugging.ended
    expect(stdout).toContain('PASSED')
    expect(code).toBe(0)
    expect(words(stdout)).toBe(words((await runWithoutDebugger(entry)).stdout))
  })

  test('tests the stub: stops at its TODO, and is told that it is not written', LONG, async () => {
    writeStub()
    const entry = entryFor('Test this exercise')
    const line = lineWith(answerFile, 'TODO produceEvent')
    const debugging = debug(entry, line)
    const stop = await debugging.stopped()
    expect(stop).toMatchObject(line)
    expect(await stop.evaluate('topic')).toMatch(/^wb-/)

    await pastTheDeadline()
    await debugging.removeBreakpoints()
    await stop.resume()
    const { code, stdout } = await debugging.ended
    expect(stdout).toMatch(/not written/i)
    expect(code).toBe(1)
    expect(words(stdout)).toBe(words((await runWithoutDebugger(entry)).stdout))
  })

  test('plays: stops in the scene, then sees what went over the wire', LONG, async () => {
    writeSolution()
    const line = lineWith(scenesFile, "pauseAt('resolved'")
    const debugging = debug(entryFor('Play this exercise'), line)
    const stop = await debugging.stopped()
    expect(stop).toMatchObject(line)
    expect(await stop.evaluate('delivery')).toMatchObject({ offset: '0' })

    await stop.resume()
    const { code, stdout } = await debugging.ended
    expect(stdout).toMatch(/on the wire\n.*acks -1 {2}key "ORD-1042"/)
    expect(code).toBe(0)
  })

  test('who stops the program at the breakpoint leaves no process behind', LONG, async () => {
    writeSolution()
    const debugging = debug(entryFor('Play this exercise'), lineWith(answerFile, 'await producer.send('))
    await debugging.stopped()
    const scripts = [...debugging.attached.values()].map((script) => path.basename(script))
    expect(new Set(scripts), 'what the debugger had to attach to').toEqual(
      new Set(['workbook.mjs', 'child.mjs']),
    )

    debugging.kill()
    await debugging.ended
    const pids = [...debugging.attached.keys()]
    await vi.waitUntil(() => !pids.some(isAlive), { timeout: DEADLINE_MS })
  })
})

function lineWith(file: string, text: string): SourceLine {
  const index = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text))
  expect(index, `a line with ${text} in ${file}`).toBeGreaterThanOrEqual(0)
  return { file, line: index + 1 }
}

/** The one condition that time itself is: nothing may be ended by its deadline while somebody looks at it. */
async function pastTheDeadline(): Promise<void> {
  const stoppedAt = performance.now()
  await vi.waitUntil(() => performance.now() - stoppedAt > DEADLINE_MS, { timeout: 2 * DEADLINE_MS })
}

/** What was printed, without what differs from run to run: the time that it took (and the room for it), and the seed. */
function words(stdout: string): string {
  return stdout
    .replace(/ · [\d.]+ s$/m, ' · N s')
    .replace(/seed \d+/, 'seed N')
    .replace(/ {2,}/g, '  ')
}
