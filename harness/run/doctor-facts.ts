import { execFile } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { listExercises } from '../exercise/find.ts'
import { connect } from '../kafka/client/client.ts'
import { findEngine } from '../kafka/engine.ts'
import { findKafkaHome, javaCommand } from '../kafka/kafka-home.ts'
import { KAFKA_IMAGE } from '../kafka/kafka-image.ts'
import type { Facts, PortState } from './doctor.ts'

const JAVA_MS = 10_000
const KAFKA_MS = 1000
/** The ports that documents name. */
const PORTS = [
  { port: 9092, use: 'npm run broker -- serve, and docker compose' },
  { port: 8090, use: 'the Kafka UI of docker compose' },
]

type Manifest = Record<'dependencies' | 'optionalDependencies' | 'engines', Record<string, string>>

/** Looks at this machine, all at once. Nothing is changed, and nothing leaves the machine. */
export async function gatherFacts(
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Facts> {
  const manifest: Manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  const [loopback, ports, engine, java] = await Promise.all([
    loopbackProblem(),
    Promise.all(PORTS.map(async (one) => ({ ...one, state: await portState(one.port) }))),
    engineFacts(environment),
    javaFacts(environment),
  ])
  return {
    node: { found: process.version, oldest: (manifest.engines.node ?? '').replace(/^\D*/, '') },
    packages: packagesOf(root, manifest),
    folders: [
      { use: 'workbook', folder: root },
      { use: 'temporary', folder: os.tmpdir() },
    ].map((one) => ({ ...one, ...folderFacts(one.folder) })),
    loopback,
    ports,
    chosenBroker: environment.KAFKA_WORKBOOK_BROKER,
    engine,
    java,
    editor: {
      settings: readIfThere(path.join(root, '.vscode', 'settings.json'))?.toString() ?? null,
      nodeOptions: environment.NODE_OPTIONS,
    },
    files: fileFacts(root),
    time: timeFacts(root, environment),
  }
}

function packagesOf(root: string, { dependencies, optionalDependencies }: Manifest): Facts['packages'] {
  const found = (name: string) => versionIn(path.join(root, 'node_modules', name, 'package.json'))
  const rows = (pinned: Record<string, string>, optional: boolean) =>
    Object.entries(pinned).map(([name, wanted]) => ({ name, wanted, found: found(name), optional }))
  return [...rows(dependencies, false), ...rows(optionalDependencies, true)]
}

/** The version of a package; null where it is missing, or an installation was cut short. */
function versionIn(manifestFile: string): string | null {
  try {
    const { version } = JSON.parse(fs.readFileSync(manifestFile, 'utf8')) as { version?: string }
    return version ?? null
  } catch {
    return null
  }
}

function folderFacts(folder: string): { freeBytes: number | null; writable: boolean } {
  let freeBytes: number | null = null
  try {
    const { bavail, bsize } = fs.statfsSync(folder)
    freeBytes = bavail * bsize
  } catch {
    // Some network drives do not tell.
  }
  try {
    // Access rights alone do not know of drives that are mounted for reading, or of quotas.
    fs.rmdirSync(fs.mkdtempSync(path.join(folder, '.doctor-')))
    return { freeBytes, writable: true }
  } catch {
    return { freeBytes, writable: false }
  }
}

function loopbackProblem(): Promise<string | null> {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => socket.end('ok'))
    const finish = (problem: string | null) => {
      server.close()
      resolve(problem)
    }
    server.on('error', (error) => finish(error.message))
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      const socket = net.connect({ port, host: '127.0.0.1', timeout: 3000 })
      socket.on('data', () => finish(null))
      socket.on('error', (error) => finish(error.message))
      socket.on('close', () => finish('the connection was closed without a word'))
      socket.on('timeout', () => {
        socket.destroy()
        finish('no answer within 3 s')
      })
    })
  })
}

async function portState(port: number): Promise<PortState> {
  const problem = await new Promise<string | null>((resolve) => {
    const server = net.createServer()
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(null)))
  })
  if (problem === null) return 'free'
  if (problem !== 'EADDRINUSE') return 'reserved'
  try {
    const client = await connect(`127.0.0.1:${port}`, { timeoutMs: KAFKA_MS })
    client.close()
    return 'kafka'
  } catch {
    return 'taken'
  }
}

async function engineFacts(environment: NodeJS.ProcessEnv): Promise<Facts['engine']> {
  try {
    const engine = await findEngine(environment)
    if (!engine) return null
    const hasImage = await engine.hasImage(KAFKA_IMAGE)
    return { ...(await engine.describe()), image: KAFKA_IMAGE, hasImage }
  } catch (error) {
    // It answered once, and then no more.
    if (error instanceof WorkbookError) return null
    throw error
  }
}

async function javaFacts(environment: NodeJS.ProcessEnv): Promise<Facts['java']> {
  return { version: await javaVersion(javaCommand(environment)), kafka: kafkaFacts(environment) }
}

/** What `java -version` says: `17.0.15`. */
function javaVersion(java: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(java, ['-version'], { timeout: JAVA_MS }, (_, stdout, stderr) => {
      resolve(/version "([^"]+)"/.exec(stderr + stdout)?.[1] ?? null)
    })
  })
}

function kafkaFacts(environment: NodeJS.ProcessEnv): Facts['java']['kafka'] {
  if (!environment.KAFKA_HOME) return null
  try {
    return { version: findKafkaHome(environment).version }
  } catch (error) {
    if (error instanceof WorkbookError) return { problem: error.message }
    throw error
  }
}

function fileFacts(root: string): Facts['files'] {
  const files = listExercises(root).flatMap(({ file, pageFile }) => [file, pageFile])
  const read = files.flatMap((file) => {
    const bytes = readIfThere(file)
    return bytes ? [{ name: path.relative(root, file).split(path.sep).join('/'), bytes }] : []
  })
  return {
    crlf: read.filter(({ bytes }) => bytes.includes('\r\n')).map(({ name }) => name),
    notUtf8: read.filter(({ bytes }) => !isUtf8(bytes)).map(({ name }) => name),
  }
}

/** PowerShell's `>` writes UTF-16, old editors write Latin-1. */
function isUtf8(bytes: Buffer): boolean {
  try {
    return !new TextDecoder('utf-8', { fatal: true }).decode(bytes).includes('\0')
  } catch {
    return false
  }
}

function timeFacts(root: string, { TZ }: NodeJS.ProcessEnv): Facts['time'] {
  return {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC',
    unknownZone: TZ && !isZone(TZ.replace(/^:/, '')) ? TZ : null,
    nowMs: Date.now(),
    newestFileMs: fs.statSync(path.join(root, 'package.json')).mtimeMs,
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

function readIfThere(file: string): Buffer | null {
  try {
    return fs.readFileSync(file)
  } catch {
    return null
  }
}
