import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { listBrokerFiles, readBrokerFile, removeBrokerFile } from './broker-file.ts'
import { hasUser } from './broker-users.ts'
import type { Engine, EngineContainer } from './engine.ts'
import { isOld } from './standing.ts'

/** Every container and network of ours carries it; its value is the folder of the workbook that started it. */
export const LABEL = 'kafka-workbook.root'
/** Starting takes seconds, at worst some minutes; who is older than this and not in the broker file was left behind. */
const STARTING_MS = 5 * 60_000
const JVM_FOLDER = /^kafka-workbook-jvm-/

/**
 * Removes what nobody will use any more: old containers of any workbook, and what this workbook left without noting it
 * down (an interrupted start). What a run uses now stays, however old it is. Returns how many. Rejects with WorkbookError when
 * the engine fails to remove one; the others are gone then.
 */
export async function removeLeftovers(engine: Engine, root: string): Promise<number> {
  const known = new Set(listBrokerFiles(root).flatMap(({ nodes }) => nodes))
  // The engine's clock has written the times. It may be behind: that of a virtual machine stands still in its sleep.
  const now = Date.now() + (await engine.describe()).clockAheadMs
  const isStarted = ({ createdAtMs }: EngineContainer) => now - createdAtMs > STARTING_MS
  const count = await removeContainers(engine, LABEL, (container) => {
    const { id, labels, createdAtMs } = container
    const owner = labels[LABEL]
    if (owner !== undefined && hasUser(owner, id)) return false
    const isForgotten = owner === root && !known.has(id) && isStarted(container)
    return isOld(createdAtMs, now) || isForgotten
  })
  // A young one may wait for its first container.
  await removeNetworks(engine, LABEL, isStarted)
  return count
}

/** Removes the containers of the workbook at `root`, and their broker files. Returns how many there were. */
export async function removeOwn(engine: Engine, root: string): Promise<number> {
  const count = await removeContainers(engine, `${LABEL}=${root}`, () => true)
  await removeNetworks(engine, `${LABEL}=${root}`, () => true)
  for (const { kind, nodes } of listBrokerFiles(root)) {
    if (kind === 'container') removeBrokerFile(root, kind, nodes.length)
  }
  return count
}

/** Removes the container of so many nodes that the broker file names, unless a run uses it still, and the file. */
export async function removeNoted(engine: Engine, root: string, nodes: number): Promise<void> {
  const ids = readBrokerFile(root, 'container', nodes)?.nodes ?? []
  removeBrokerFile(root, 'container', nodes)
  await removeContainers(engine, `${LABEL}=${root}`, ({ id }) => ids.includes(id) && !hasUser(root, id))
}

async function removeContainers(
  engine: Engine,
  label: string,
  isDue: (container: EngineContainer) => boolean,
): Promise<number> {
  const due = (await engine.containersWith(label)).filter(isDue)
  const tried = await Promise.allSettled(due.map(({ id }) => engine.remove(id)))
  const failed = tried.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return due.length
}

/** The engine keeps a network that a container is still in. */
async function removeNetworks(
  engine: Engine,
  label: string,
  isDue: (network: EngineContainer) => boolean,
): Promise<void> {
  const due = (await engine.networksWith(label)).filter(isDue)
  await Promise.all(due.map(({ id }) => engine.removeNetwork(id)))
}

/** Removes data of Java processes that were ended together with their keepers, as by a power cut. Returns how many. */
export function removeJavaFolders(root: string): number {
  const known = new Set(listBrokerFiles(root).flatMap(({ nodes }) => nodes))
  const folders = fs
    .readdirSync(os.tmpdir())
    .filter((name) => JVM_FOLDER.test(name))
    .map((name) => path.join(os.tmpdir(), name))
    .filter((folder) => !known.has(folder) && isOld(lastWriteMs(folder)))
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true })
  return folders.length
}

/** Kafka replaces its checkpoints every few seconds: the data of a node that runs, for however long, is never old. */
function lastWriteMs(folder: string): number {
  const times = [folder, path.join(folder, 'data')].map(
    (one) => fs.statSync(one, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  )
  return Math.max(...times)
}
