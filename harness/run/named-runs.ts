import fs from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { isAlive } from '../is-alive.ts'
import type { Broker } from '../kafka/broker.ts'
import { connect } from '../kafka/client/client.ts'
import { startBroker } from '../kafka/start.ts'
import { deleteNames } from './sweeper.ts'

const REQUEST_MS = 10_000

/** A run on a cluster that is not ours: what `npm run broker -- clean` has to know when it was killed. It holds no password. */
export interface NamedRun {
  /** All its names on the cluster begin with `wb-` and this. */
  run: string
  /** As `--broker` has it: addresses, or the absolute path of a file of properties, which is read again. */
  broker: string
  foreign: boolean
  /** The process that is at it. */
  pid: number
  /** ISO 8601. */
  startedAt: string
}

/** Notes a run in `.workbook/named-runs/`. A workbook that cannot be written to keeps no note. */
export function noteRun(root: string, run: string, { named }: Pick<Broker, 'named'>): void {
  if (!named) return
  const note: NamedRun = { run, ...named, pid: process.pid, startedAt: new Date().toISOString() }
  try {
    fs.mkdirSync(folderOf(root), { recursive: true })
    fs.writeFileSync(fileOf(root, run), `${JSON.stringify(note, null, 2)}\n`)
  } catch {
    // The run itself removes what it made, unless it is killed.
  }
}

/** Deletes all that a run made on its cluster, then its note. Rejects when the cluster does not do it; the note stays then. */
export async function endRun(root: string, run: string, broker: Broker): Promise<void> {
  const { bootstrap, security } = broker
  const client = await connect(bootstrap, { timeoutMs: REQUEST_MS, security })
  try {
    await deleteNames(client, `wb-${run}`)
  } finally {
    client.close()
  }
  fs.rmSync(fileOf(root, run), { force: true })
}

/** Ends the runs whose processes are gone. Returns how many; rejects with the first WorkbookError, when all were tried. */
export async function endLostRuns(root: string): Promise<number> {
  const errors: unknown[] = []
  let ended = 0
  for (const { run, broker, foreign } of lostRuns(root)) {
    try {
      await endRun(root, run, await startBroker(broker, { root, foreign, onProgress: () => {} }))
      ended += 1
    } catch (error) {
      errors.push(leftBehind(root, run, broker, error))
    }
  }
  if (errors.length > 0) throw errors[0]
  return ended
}

function leftBehind(root: string, run: string, broker: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const hint = error instanceof WorkbookError ? `${error.hint}\n` : ''
  return new WorkbookError(
    `What a run left at ${broker} could not be removed: ${error.message}`,
    `${hint}If that cluster is gone for good, delete the note: ${fileOf(root, run)}`,
  )
}

function lostRuns(root: string): NamedRun[] {
  const folder = folderOf(root)
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : []
  return names
    .flatMap((name) => readNote(path.join(folder, name)) ?? [])
    .filter(({ run, pid }) => /^[0-9a-z]{8,}$/.test(run) && !isAlive(pid))
}

/** Null for a file that is damaged. */
function readNote(file: string): NamedRun | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

function folderOf(root: string): string {
  return path.join(root, '.workbook', 'named-runs')
}

function fileOf(root: string, run: string): string {
  return path.join(folderOf(root), `${run}.json`)
}
