import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Confinement } from '../../answer/confine.ts'
import { connectKeeper } from '../../answer/connect-keeper.ts'
import type { KeeperClient, RunningTask } from '../../answer/keeper-client.ts'
import type { AnswerCode, TaskOptions } from '../../answer/messages.ts'
import { type Keeper, startKeeper } from '../../answer/start-keeper.ts'

export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')

/** Where the system's temporary folder is said to be. */
const TEMPORARY = ['TMPDIR', 'TEMP', 'TMP']

/** A keeper of its own for one test file, and a folder for answers. */
export interface Stand {
  keeper: Keeper
  client: KeeperClient
  /** Everything that the processes put into the system's temporary folder lies in here. */
  temp: string
  /** Writes an exercise called `name`; its answer stands next to its scenes. */
  exercise(name: string, answer: string, scenes?: string): AnswerCode
  /** Plays scene `play` of an exercise that is written for it. */
  play(answer: string, scenes: string, options?: Partial<TaskOptions> & { given?: unknown }): RunningTask
  /** Calls `run` of an answer that is written for it, once for each list of arguments. */
  call(answer: string, argumentLists: unknown[][], options?: Partial<TaskOptions>): RunningTask
  close(): Promise<void>
}

/** `workbook` is the folder that the keeper takes for the workbook. */
export async function openStand(workbook = root, confinement: Confinement = 'learn'): Promise<Stand> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'answer-test-')))
  const [built, temp] = [path.join(folder, 'built'), path.join(folder, 'temp')]
  mkdirSync(temp)
  await build({
    entryPoints: [path.join(root, 'harness/answer/keeper.ts'), path.join(root, 'harness/answer/child.ts')],
    outdir: built,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['esbuild', 'kafkajs'],
  })
  const before = Object.fromEntries(TEMPORARY.map((name) => [name, process.env[name]]))
  for (const name of TEMPORARY) process.env[name] = temp
  const keeper = startKeeper({
    root: workbook,
    keeperFile: path.join(built, 'keeper.mjs'),
    childFile: path.join(built, 'child.mjs'),
    confinement,
  })
  const client = await connectKeeper(keeper.address)
  let written = 0

  const exercise = (name: string, answer: string, scenes?: string): AnswerCode => {
    const dir = path.join(folder, 'exercises', name)
    const base = name.replace(/^\d+-/, '')
    const scenesFile = scenes === undefined ? null : path.join(dir, `${base}.scenes.ts`)
    mkdirSync(dir, { recursive: true })
    writeFileSync(path.join(dir, `${base}.ts`), answer)
    if (scenesFile) writeFileSync(scenesFile, scenes ?? '')
    return { exercise: name, answerFile: path.join(dir, `${base}.ts`), scenesFile }
  }
  const fresh = () => {
    written += 1
    return `${String(written).padStart(2, '0')}-try`
  }
  const stage = { broker: '127.0.0.1:1', ports: [], topic: 'orders', group: 'packers', transactionalId: 'tx' }

  return {
    keeper,
    client,
    temp,
    exercise,
    play(answer, scenes, { given, ...options } = {}) {
      const code = exercise(fresh(), answer, scenes)
      const task = { kind: 'scene', name: 'play', stage, given } as const
      return client.run(code, task, { deadlineMs: 10_000, ...options })
    },
    call(answer, argumentLists, options = {}) {
      const code = exercise(fresh(), answer)
      return client.run(
        code,
        { kind: 'calls', name: 'run', argumentLists },
        { deadlineMs: 10_000, ...options },
      )
    },
    async close() {
      await client.close()
      await keeper.stop()
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** True while a process exists. A dead one that nobody has collected (a container without an init) does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const stat = `/proc/${pid}/stat`
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'))
}
