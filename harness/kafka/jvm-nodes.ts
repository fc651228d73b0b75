import path from 'node:path'
import { type NodeSettings, sharedSettings } from './node-settings.ts'

/** Where one node keeps its data, and where it listens on 127.0.0.1. */
export interface JvmNode {
  id: number
  folder: string
  clientPort: number
  controllerPort: number
}

/** Kafka asks for one; every cluster of ours may have the same. 16 bytes in base64url. */
const CLUSTER_ID = Buffer.from('kafka-workbook-j').toString('base64url')

const HOST = '127.0.0.1'

export function bootstrapOf(nodes: readonly JvmNode[]): string {
  return nodes.map(({ clientPort }) => `${HOST}:${clientPort}`).join(',')
}

/** The settings of one node, which is broker and controller in one (KRaft combined mode). `all` are the nodes of its cluster. */
export function nodeSettings(node: JvmNode, all: readonly JvmNode[]): NodeSettings {
  const clients = `PLAINTEXT://${HOST}:${node.clientPort}`
  return {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    'controller.quorum.voters': all.map((one) => `${one.id}@${HOST}:${one.controllerPort}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `${clients},CONTROLLER://${HOST}:${node.controllerPort}`,
    'advertised.listeners': clients,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': path.join(node.folder, 'data'),
    ...sharedSettings(all.length),
  }
}

/** A `.properties` file of Java. A backslash, as in paths of Windows, stands twice there. */
export function propertiesFile(settings: NodeSettings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}\n`)
    .join('')
}

/** How one node is run, where it is not from scratch. */
export interface NodeRun {
  /** Its folder is formatted already. */
  isFormatted?: boolean
  /** More options of Java. */
  javaOptions?: readonly string[]
}

/** Formats the node's folder, then runs it. A small heap and a simple collector: a node starts quicker, and takes less. */
export function nodeCommands(
  java: string,
  classPath: string,
  propertiesPath: string,
  { isFormatted = false, javaOptions = [] }: NodeRun = {},
): string[][] {
  const start = [java, '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
  const format = [...start, '-cp', classPath, 'kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID]
  const run = [...start, ...javaOptions, '-cp', classPath, 'kafka.Kafka', propertiesPath]
  return isFormatted ? [run] : [[...format, '-c', propertiesPath], run]
}
