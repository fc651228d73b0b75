import { createSocket } from 'node:dgram'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import type { Confinement } from '../../answer/confine.ts'
import type { Attack } from './attacks.ts'

/** What an attack has done beyond being wrong. */
export type Damage = 'wrote outside' | 'learned a secret' | 'touched another' | 'spoke outside'

/** What stands on the ground for attacks to aim at, all in one temporary folder. */
export interface Ground {
  /** The workbook of the one who judges; in learn mode it is a student's copy, without solutions. */
  workbook: string
  /** Puts the broker's place into attacks from now on. */
  broker: { broker: string; topic: string }
  /** Hands an attack in; returns its file. */
  submit(attack: Attack): string
  /** Hands the right answer in. */
  submitSolution(): string
  /** What was done since the last call, given all that the answer could print; puts everything right again. */
  damage(text: string): Damage[]
  /** Whether something outside has been written; for attacks that come late. */
  written(): boolean
  close(): void
}

const MARKS = '{"verdict":"failed","owner":"THE-INSTRUCTOR"}\n'
const NEIGHBOUR = '// THE-WORK-OF-ANOTHER\nexport const murmur2 = () => 1\n'
/** A line of the solution that is nowhere else. */
const FROM_SOLUTION = "Kafka's murmur2, step for step"
/** What is no comment survives the compiler. */
const FROM_COMPILED_SOLUTION = '1540483477'
export const SECRET = 'A-TOKEN-OF-THE-GRADER'

/** The functions that the checks call, for attacks that do not write them. */
const EXPORTS: Record<Attack['exercise'], Record<string, string>> = {
  '02': { describeCluster: 'async () => ({})', ensureTopics: 'async () => []' },
  '03': {
    encode: "() => ({ key: 'x', value: 'x' })",
    produceEvent: "async () => ({ topic: '', partition: 0, offset: '0' })",
  },
  '05': {
    murmur2: '() => 0',
    partitionForKey: '() => 0',
    spreadKeyless: '() => []',
    tableOf: '() => ({})',
  },
}

export async function openGround(root: string, confinement: Confinement): Promise<Ground> {
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), `cheats-${confinement}-`))
  const place = (...names: string[]) => path.join(folder, ...names)
  const [workbook, target] = [place('workbook'), place('target')]
  const neighbour = place('submissions', 'neighbour', 'partition-for-key.ts')
  const inExercise = (file: string) => path.join('05-partition-for-key', file)
  const solution = path.join('solutions', inExercise('partition-for-key.ts'))
  const check = path.join('exercises', inExercise('partition-for-key.check.ts'))

  const set = () => {
    for (const dir of [target, path.dirname(neighbour)]) {
      rmSync(dir, { recursive: true, force: true, maxRetries: 10 })
      mkdirSync(dir, { recursive: true })
    }
    writeFileSync(path.join(target, 'marks.json'), MARKS)
    writeFileSync(neighbour, NEIGHBOUR)
    cpSync(path.join(root, check), path.join(workbook, check))
  }
  const names =
    confinement === 'learn' ? ['package.json', 'exercises'] : ['package.json', 'exercises', 'solutions']
  for (const name of names) cpSync(path.join(root, name), path.join(workbook, name), { recursive: true })
  symlinkSync(path.join(root, 'node_modules'), path.join(workbook, 'node_modules'), 'junction')
  set()

  const outside = await listen()
  const written = () =>
    readdirSync(target).length !== 1 ||
    readFileSync(path.join(target, 'marks.json'), 'utf8') !== MARKS ||
    readFileSync(path.join(workbook, check), 'utf8') !== readFileSync(path.join(root, check), 'utf8')

  const ground: Ground = {
    workbook,
    broker: { broker: '', topic: '' },
    submit(attack) {
      const values: Record<string, string> = {
        TARGET: target,
        ROOT: workbook,
        SOLUTION: path.join(workbook, solution),
        CHECK: path.join(workbook, check),
        NEIGHBOUR: neighbour,
        LISTENER: String(outside.port),
        BROKER: ground.broker.broker,
        NEIGHBOUR_TOPIC: ground.broker.topic,
      }
      const file = path.join(root, 'harness', 'test', 'cheats', 'attacks', `${attack.name}.ts`)
      const text = readFileSync(file, 'utf8').replace(/@([A-Z_]+)@/g, (_, name: string) =>
        inLiteral(values[name] ?? ''),
      )
      const missing = Object.entries(EXPORTS[attack.exercise]).filter(
        ([name]) => !new RegExp(`(?:const|function|[,{]) ${name}\\b`).test(text),
      )
      const rest = missing.map(([name, body]) => `export const ${name} = ${body}\n`).join('')
      return handIn(place('submissions', attack.name), `${text}\n${rest}`, target)
    },
    submitSolution() {
      return handIn(place('submissions', 'right'), readFileSync(path.join(root, solution), 'utf8'), target)
    },
    written,
    damage(text) {
      const done: Damage[] = []
      const touched = !existsSync(neighbour) || readFileSync(neighbour, 'utf8') !== NEIGHBOUR
      if (written()) done.push('wrote outside')
      if ([FROM_SOLUTION, FROM_COMPILED_SOLUTION, SECRET, 'THE-INSTRUCTOR'].some((one) => text.includes(one)))
        done.push('learned a secret')
      if (touched || text.includes('THE-WORK-OF-ANOTHER')) done.push('touched another')
      if (outside.heard()) done.push('spoke outside')
      set()
      return done
    },
    close() {
      outside.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
  return ground
}

function inLiteral(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** A submission, and beside it what a project may have: none of it is to be used. */
function handIn(folder: string, text: string, target: string): string {
  const file = path.join(folder, 'answer.ts')
  const trap = `require('node:fs').writeFileSync(${JSON.stringify(path.join(target, 'trap'))}, '')\nexports.Kafka = { own: 'own' }\n`
  mkdirSync(path.join(folder, 'node_modules', 'kafkajs'), { recursive: true })
  writeFileSync(file, text)
  writeFileSync(path.join(folder, 'helper.ts'), 'console.log("a second file")\n')
  writeFileSync(
    path.join(folder, 'package.json'),
    '{ "imports": { "#bookstore": "./helper.ts" }, "scripts": { "test": "true" } }\n',
  )
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    '{ "compilerOptions": { "paths": { "kafkajs": ["./helper.ts"] } } }\n',
  )
  for (const name of ['vitest.config.js', '.npmrc', 'node_modules/kafkajs/index.js'])
    writeFileSync(path.join(folder, name), trap)
  return file
}

/** A server of somebody else, on one port for TCP and UDP. */
async function listen(): Promise<{ port: number; heard(): boolean; close(): void }> {
  let heard = false
  const server = createServer((socket) => {
    heard = true
    socket
      .on('error', () => {})
      .resume()
      .on('end', () => socket.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const datagrams = createSocket('udp4', () => {
    heard = true
  })
  await new Promise<void>((resolve) => datagrams.bind(port, '127.0.0.1', resolve))
  return {
    port,
    heard() {
      const now = heard
      heard = false
      return now
    },
    close() {
      server.close()
      datagrams.close()
    },
  }
}
