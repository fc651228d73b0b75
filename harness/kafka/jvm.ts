import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { freePort } from '../free-port.ts'
import type { Broker } from './broker.ts'
import { type BrokerFile, removeBrokerFile, writeBrokerFile } from './broker-file.ts'
import { type JavaProcess, readJavaLog, runJava } from './java-process.ts'
import { type JvmCache, openJvmCache } from './jvm-cache.ts'
import { deathOf, portIsTaken, startError } from './jvm-log.ts'
import { bootstrapOf, type JvmNode, nodeCommands, nodeSettings, propertiesFile } from './jvm-nodes.ts'
import { findKafkaHome, javaCommand, type KafkaHome } from './kafka-home.ts'
import { MIN_SESSION_TIMEOUT_MS, type NodeSettings } from './node-settings.ts'
import { findStanding, nodesUp } from './standing.ts'
import { warmUp } from './warm-up.ts'

const START_MS = 60_000
const ATTEMPTS = 3
const LAST_WORDS_MS = 3000

export interface JvmOptions {
  /** The folder of the workbook. */
  root: string
  /** How many nodes the cluster has; 1 by default. */
  nodes?: number | undefined
  /** More settings of every node, by Kafka's property names. */
  settings?: NodeSettings
  /** Whether the internal topics are there when it is said to be up; true by default. */
  warm?: boolean
  onProgress(line: string): void
}

export type JvmBroker = Broker & Required<Pick<Broker, 'killNode' | 'lastWords'>>

/** The Kafka that `npm run broker start jvm` left up, else one of this run's own: see `startJvm`. */
export async function openJvm(options: JvmOptions): Promise<Broker> {
  const { root, nodes = 1 } = options
  const { version } = findKafkaHome()
  const file = await findStanding(root, { kind: 'jvm', nodes, version })
  return file ? standingJvm(file) : startJvm(options)
}

/** Starts a Kafka that stays up for later runs, for at most two hours, or until `npm run broker stop`. Rejects as `startJvm`. */
export async function startStandingJvm(options: JvmOptions): Promise<Broker> {
  const { root, nodes = 1, onProgress } = options
  const home = findKafkaHome()
  const file = await findStanding(root, { kind: 'jvm', nodes, version: home.version })
  if (file) return standingJvm(file)
  removeBrokerFile(root, 'jvm', nodes)
  const startedAt = new Date()
  const cluster = await startCluster(home, { ...options, mayArchive: false })
  const content: BrokerFile = {
    kind: 'jvm',
    nodes: cluster.nodes.map(({ folder }) => folder),
    version: home.version,
    bootstrap: cluster.bootstrap,
    startedAt: startedAt.toISOString(),
  }
  const place = writeBrokerFile(root, content)
  if (place === null) {
    await cluster.stop()
    throw new WorkbookError(
      'Another command has just started one, or no file can be written.',
      'npm run broker',
    )
  }
  for (const one of cluster.processes) one.leave(place)
  onProgress(`${upAfter(startedAt.getTime())} The next runs use it, for at most two hours.`)
  return standingJvm(content)
}

function standingJvm({ version, bootstrap, nodes }: BrokerFile): Broker {
  return {
    ...common(version, bootstrap),
    stop: async () => {},
    // Its folder stays when it ends by itself; the last line of the log tells how.
    lastWords: () => untilTold(bootstrap, nodes.length, () => deathOf(nodes.map(readJavaLog))),
  }
}

/**
 * Real Kafka as a Java process for each node, from the jars that KAFKA_HOME names. Its data lies in private folders in
 * the temporary folder. `stop` ends it and removes the folders; so does the end of this process, however it comes.
 * Rejects with WorkbookError when there is no Kafka, no Java, or Kafka does not start.
 */
export async function startJvm(options: JvmOptions): Promise<JvmBroker> {
  const home = findKafkaHome()
  const startedAt = Date.now()
  const { bootstrap, processes, stop } = await startCluster(home, { ...options, mayArchive: true })
  options.onProgress(`${upAfter(startedAt)} It ends with this run.`)
  return {
    ...common(home.version, bootstrap),
    stop,
    killNode: async (id) => processes[id - 1]?.stop(),
    lastWords: () =>
      untilTold(bootstrap, processes.length, () =>
        deathOf(processes.map((one) => (one.ended() ? one.log() : ''))),
      ),
  }
}

/** A node that is gone is missed a moment before its keeper has written why. */
async function untilTold(
  bootstrap: string,
  nodes: number,
  death: () => string | null,
): Promise<string | null> {
  const giveUpAt = Date.now() + LAST_WORDS_MS
  while (death() === null && Date.now() < giveUpAt && (await nodesUp(bootstrap)) < nodes) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return death()
}

function common(version: string, bootstrap: string) {
  return { kind: 'jvm', version, bootstrap, minSessionTimeoutMs: MIN_SESSION_TIMEOUT_MS, note: null } as const
}

function upAfter(startedAtMs: number): string {
  return `Kafka is up after ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s.`
}

interface Cluster {
  bootstrap: string
  nodes: JvmNode[]
  processes: JavaProcess[]
  stop(): Promise<void>
}

async function startCluster(
  home: KafkaHome,
  {
    root,
    nodes: count = 1,
    settings = {},
    warm = true,
    mayArchive,
    onProgress,
  }: JvmOptions & { mayArchive: boolean },
): Promise<Cluster> {
  const many = count === 1 ? 'as a Java process' : `with ${count} nodes, each a Java process`
  onProgress(`Starting Kafka ${home.version} ${many} ...`)
  const cache = openJvmCache(root, home)
  for (let attempt = 1; ; attempt++) {
    const nodes = await chooseNodes(count)
    const processes: JavaProcess[] = []
    const stop = async () => void (await Promise.all(processes.map((one) => one.stop())))
    const bootstrap = bootstrapOf(nodes)
    let isUp = false
    let log = ''
    try {
      for (const node of nodes) {
        const file = path.join(node.folder, 'server.properties')
        fs.writeFileSync(file, propertiesFile({ ...nodeSettings(node, nodes), ...settings }))
        // Nodes that end at the same moment cannot hand their partitions over, and would wait for that.
        processes.push(runNode(root, home, { node, file, cache, mayArchive: mayArchive && count === 1 }))
      }
      isUp = await untilReady(bootstrap, processes, warm)
    } finally {
      if (!isUp) {
        // The log of a node that has to be stopped goes with its folder.
        log = processes.map((one) => one.log()).join('')
        await stop()
        removeFolders(nodes)
      }
    }
    if (isUp) {
      for (const node of nodes) cache.keepStorage(node)
      return { bootstrap, nodes, processes, stop }
    }
    // Somebody took a port in the moment between.
    if (attempt === ATTEMPTS || !portIsTaken(log)) throw startError(home.version, log)
  }
}

/** Ports are chosen first, because every node has to know those of the others. */
async function chooseNodes(count: number): Promise<JvmNode[]> {
  const ports = await Promise.all(Array.from({ length: 2 * count }, freePort))
  const nodes: JvmNode[] = []
  try {
    while (nodes.length < count) {
      const at = nodes.length
      nodes.push({
        id: at + 1,
        folder: fs.mkdtempSync(path.join(os.tmpdir(), 'kafka-workbook-jvm-')),
        clientPort: ports[2 * at] as number,
        controllerPort: ports[2 * at + 1] as number,
      })
    }
  } catch (error) {
    removeFolders(nodes)
    throw error
  }
  return nodes
}

function removeFolders(nodes: readonly JvmNode[]): void {
  for (const { folder } of nodes) fs.rmSync(folder, { recursive: true, force: true })
}

function runNode(
  root: string,
  { classPath }: KafkaHome,
  { node, file, cache, mayArchive }: { node: JvmNode; file: string; cache: JvmCache; mayArchive: boolean },
): JavaProcess {
  const isFormatted = cache.giveStorage(node)
  const { options: javaOptions, archive } = cache.classes(node, mayArchive)
  const commands = nodeCommands(javaCommand(), classPath, file, { isFormatted, javaOptions })
  return runJava(root, { folder: node.folder, commands, archive })
}

/** Resolves with true once all nodes are there and warm, with false when one of them ended or it takes too long. */
async function untilReady(bootstrap: string, processes: JavaProcess[], warm: boolean): Promise<boolean> {
  const giveUpAt = Date.now() + START_MS
  while ((await nodesUp(bootstrap)) < processes.length) {
    if (processes.some((one) => one.ended()) || Date.now() > giveUpAt) return false
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  if (warm) await warmUp(bootstrap)
  return true
}
