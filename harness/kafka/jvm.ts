import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Broker } from './broker.ts'
import { connect } from './client/client.ts'
import { freePort } from './free-port.ts'
import { type JavaProcess, runJava } from './java-process.ts'
import { portIsTaken, startError } from './jvm-log.ts'
import { bootstrapOf, type JvmNode, nodeCommands, nodeSettings, propertiesFile } from './jvm-nodes.ts'
import { findKafkaHome, javaCommand, type KafkaHome } from './kafka-home.ts'
import { MIN_SESSION_TIMEOUT_MS, type NodeSettings } from './node-settings.ts'
import { warmUp } from './warm-up.ts'

const START_MS = 60_000
const ATTEMPTS = 3

export interface JvmOptions {
  /** The folder of the workbook. */
  root: string
  /** How many nodes the cluster has; 1 by default. */
  nodes?: number
  /** More settings of every node, by Kafka's property names. */
  settings?: NodeSettings
  /** Whether the internal topics are there when it is said to be up; true by default. */
  warm?: boolean
  onProgress(line: string): void
}

export interface JvmBroker extends Broker {
  /** Ends the process of one node at once, as a crash does; the others notice after their session with it. */
  stopNode(id: number): Promise<void>
}

/**
 * Real Kafka as a Java process for each node, from the jars that KAFKA_HOME names. Its data lies in private folders in
 * the temporary folder. `stop` ends it and removes the folders; so does the end of this process, however it comes.
 * Rejects with WorkbookError when there is no Kafka, no Java, or Kafka does not start.
 */
export async function startJvm({
  root,
  nodes = 1,
  settings = {},
  warm = true,
  onProgress,
}: JvmOptions): Promise<JvmBroker> {
  const home = findKafkaHome()
  const startedAt = performance.now()
  onProgress(`Starting Kafka ${home.version} as a Java process ...`)
  const { bootstrap, stop, stopNode } = await startCluster(root, home, { count: nodes, settings, warm })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  onProgress(`Kafka is up after ${seconds} s. It ends with this run.`)
  return {
    kind: 'jvm',
    version: home.version,
    bootstrap,
    minSessionTimeoutMs: MIN_SESSION_TIMEOUT_MS,
    note: null,
    stop,
    stopNode,
  }
}

type Cluster = Pick<JvmBroker, 'bootstrap' | 'stop' | 'stopNode'>

async function startCluster(
  root: string,
  home: KafkaHome,
  { count, settings, warm }: { count: number; settings: NodeSettings; warm: boolean },
): Promise<Cluster> {
  for (let attempt = 1; ; attempt++) {
    const nodes = await chooseNodes(count)
    const processes = nodes.map((node) =>
      runNode(root, home, node, { ...nodeSettings(node, nodes), ...settings }),
    )
    const stop = async () => void (await Promise.all(processes.map((one) => one.stop())))
    const stopNode = async (id: number) => processes[id - 1]?.stop()
    const bootstrap = bootstrapOf(nodes)
    let isUp = false
    try {
      isUp = await untilReady(bootstrap, processes, warm)
    } finally {
      if (!isUp) await stop()
    }
    if (isUp) return { bootstrap, stop, stopNode }
    const log = processes.map((one) => one.log()).join('')
    // Somebody took a port in the moment between.
    if (attempt === ATTEMPTS || !portIsTaken(log)) throw startError(home.version, log)
  }
}

/** Ports are chosen first, because every node has to know those of the others. */
async function chooseNodes(count: number): Promise<JvmNode[]> {
  const ports = await Promise.all(Array.from({ length: 2 * count }, freePort))
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    folder: fs.mkdtempSync(path.join(os.tmpdir(), 'kafka-workbook-jvm-')),
    clientPort: ports[2 * index] as number,
    controllerPort: ports[2 * index + 1] as number,
  }))
}

function runNode(root: string, home: KafkaHome, node: JvmNode, settings: NodeSettings): JavaProcess {
  const file = path.join(node.folder, 'server.properties')
  fs.writeFileSync(file, propertiesFile(settings))
  return runJava(root, node.folder, nodeCommands(javaCommand(), home.classPath, file))
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

/** How many nodes the cluster says that it has; 0 when nobody answers. A port is open before its node has joined. */
async function nodesUp(bootstrap: string): Promise<number> {
  try {
    const client = await connect(bootstrap, { timeoutMs: 1000 })
    try {
      return (await client.metadata([])).brokers.length
    } finally {
      client.close()
    }
  } catch {
    return 0
  }
}
