import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../free-port.ts'
import { runJava } from '../../kafka/java-process.ts'
import {
  bootstrapOf,
  type JvmNode,
  nodeCommands,
  nodeSettings,
  propertiesFile,
} from '../../kafka/jvm-nodes.ts'
import { findKafkaHome, javaCommand } from '../../kafka/kafka-home.ts'
import type { NodeSettings } from '../../kafka/node-settings.ts'
import { canTest, isInstalled } from '../kafka/clients/program.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Whether real nodes can be started here: they need Java, the jars that KAFKA_HOME names, and signals to stop processes. */
export function haveRealNodes(): boolean {
  const isHere = isInstalled('java', '-version') && Boolean(process.env.KAFKA_HOME)
  return canTest('Java with KAFKA_HOME', isHere && process.platform !== 'win32')
}

interface RealNode {
  id: number
  /** Host and port for clients. */
  address: string
  /** It stops in the middle of everything, keeps its connections and its data, and says nothing more. */
  freeze(): void
  /** It goes on where it was frozen. */
  thaw(): void
  log(): string
}

export interface RealNodes {
  bootstrap: string
  nodes: RealNode[]
  close(): Promise<void>
}

/**
 * Real Kafka with settings of its own. One node is broker and controller in one; several are brokers, and a controller that is
 * no broker is started with them, so that all brokers but one may fail. It takes some seconds until they answer.
 */
export async function startRealNodes(count: number, settings: NodeSettings): Promise<RealNodes> {
  const hasOwnController = count > 1
  const all = await chooseNodes(hasOwnController ? count + 1 : 1)
  const brokers = hasOwnController ? all.slice(0, -1) : all
  const running = all.map((node) => {
    const roles = rolesOf(node, all, hasOwnController)
    const file = path.join(node.folder, 'server.properties')
    fs.writeFileSync(file, propertiesFile({ ...nodeSettings(node, all), ...roles, ...settings }))
    const commands = tellingPid(nodeCommands(javaCommand(), findKafkaHome().classPath, file))
    return runJava(ROOT, { folder: node.folder, commands })
  })
  const signal = (node: JvmNode, name: NodeJS.Signals) =>
    process.kill(Number(fs.readFileSync(path.join(node.folder, 'pid'), 'utf8')), name)
  const nodes = brokers.map((node, at) => ({
    id: node.id,
    address: bootstrapOf([node]),
    freeze: () => signal(node, 'SIGSTOP'),
    thaw: () => signal(node, 'SIGCONT'),
    log: () => running[at]?.log() ?? '',
  }))
  const close = async () => void (await Promise.all(running.map((one) => one.stop())))
  return { bootstrap: bootstrapOf(brokers), nodes, close }
}

async function chooseNodes(count: number): Promise<JvmNode[]> {
  const ports = await Promise.all(Array.from({ length: 2 * count }, freePort))
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    folder: fs.mkdtempSync(path.join(os.tmpdir(), 'kafka-exercise-')),
    clientPort: ports[2 * index] as number,
    controllerPort: ports[2 * index + 1] as number,
  }))
}

/** The last of several nodes is the controller, and the others are brokers. */
function rolesOf(node: JvmNode, all: JvmNode[], hasOwnController: boolean): NodeSettings {
  const controller = all.at(-1) as JvmNode
  if (!hasOwnController) return {}
  const voters = `${controller.id}@127.0.0.1:${controller.controllerPort}`
  const shared = { 'controller.quorum.voters': voters }
  if (node !== controller) {
    const listener = `PLAINTEXT://127.0.0.1:${node.clientPort}`
    return { ...shared, 'process.roles': 'broker', listeners: listener, 'advertised.listeners': listener }
  }
  const listeners = `CONTROLLER://127.0.0.1:${node.controllerPort}`
  return { ...shared, 'process.roles': 'controller', listeners, 'advertised.listeners': listeners }
}

/** The last command writes its process id into its folder, so that it can be frozen. */
function tellingPid(commands: string[][]): string[][] {
  return commands.map((command) => ['/bin/sh', '-c', 'echo $$ > pid; exec "$@"', 'sh', ...command])
}
