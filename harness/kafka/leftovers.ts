import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { listBrokerFiles, readBrokerFile, removeBrokerFile } from './broker-file.ts'
import type { Engine, EngineContainer } from './engine.ts'
import { isOld } from './standing.ts'

/** Every container and network of ours carries it; its value is the folder of the workbook that started it. */
export const LABEL = 'kafka-workbook.root'
/** Starting takes some seconds; who is older than this and not in the broker file was left behind. */
const STARTING_MS = 60_000
const JVM_FOLDER = /^kafka-workbook-jvm-/

/**
 * Removes what nobody will use any more: old containers of any workbook, and what this workbook left without noting it
 * down (an interrupted start). Returns how many.
 */
export async function removeLeftovers(engine: Engine, root: string): Promise<number> {
  const known = new Set(listBrokerFiles(root).flatMap(({ nodes }) => nodes))
  return removeContainers(engine, LABEL, ({ id, labels, createdAtMs }) => {
    const isForgotten = labels[LABEL] === root && !known.has(id) && Date.now() - createdAtMs > STARTING_MS
    return isOld(createdAtMs) || isForgotten
  })
}

/** Removes the containers of the workbook at `root`, and their broker files. Returns how many there were. */
export async function removeOwn(engine: Engine, root: string): Promise<number> {
  const count = await removeContainers(engine, `${LABEL}=${root}`, () => true)
  for (const { kind, nodes } of listBrokerFiles(root)) {
    if (kind === 'container') removeBrokerFile(root, kind, nodes.length)
  }
  return count
}

/** Removes the container of so many nodes that the broker file names, and the file. */
export async function removeNoted(engine: Engine, root: string, nodes: number): Promise<void> {
  const ids = readBrokerFile(root, 'container', nodes)?.nodes ?? []
  removeBrokerFile(root, 'container', nodes)
  await removeContainers(engine, `${LABEL}=${root}`, ({ id }) => ids.includes(id))
}

async function removeContainers(
  engine: Engine,
  label: string,
  isDue: (container: EngineContainer) => boolean,
): Promise<number> {
  const due = (await engine.containersWith(label)).filter(isDue)
  await Promise.all(due.map(({ id }) => engine.remove(id)))
  const networks = await engine.networksWith(label)
  // The engine keeps a network that a container is still in.
  await Promise.all(networks.map(({ id }) => engine.removeNetwork(id)))
  return due.length
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
