import path from 'node:path'
import { expect, test } from 'vitest'
import {
  bootstrapOf,
  type JvmNode,
  nodeCommands,
  nodeSettings,
  propertiesFile,
} from '../../kafka/jvm-nodes.ts'
import { kafkaEnvironment } from '../../kafka/kafka-image.ts'

const nodes: JvmNode[] = [1, 2, 3].map((id) => ({
  id,
  folder: path.join('tmp', `node-${id}`),
  clientPort: 10_000 + id,
  controllerPort: 20_000 + id,
}))
const [first] = nodes as [JvmNode]

test('a single node has the settings of the container, but for its addresses', () => {
  const settings = nodeSettings(first, [first])
  const container = Object.entries(kafkaEnvironment({ id: 1, advertised: '', hosts: ['localhost'] })).map(
    ([name, value]) => [name.replace('KAFKA_', '').toLowerCase().replaceAll('_', '.'), value],
  )
  const own = ['listeners', 'advertised.listeners', 'listener.security.protocol.map', 'log.dirs']
  const addresses = ['controller.quorum.voters', 'inter.broker.listener.name', ...own]
  const without = (entries: string[][]) =>
    Object.fromEntries(entries.filter(([name]) => !addresses.includes(name as string)))
  expect(without(Object.entries(settings))).toEqual(without(container))
})

test('every node listens on this machine alone, and knows all controllers', () => {
  expect(nodeSettings(nodes[1] as JvmNode, nodes)).toMatchObject({
    'node.id': '2',
    listeners: 'PLAINTEXT://127.0.0.1:10002,CONTROLLER://127.0.0.1:20002',
    'advertised.listeners': 'PLAINTEXT://127.0.0.1:10002',
    'controller.quorum.voters': '1@127.0.0.1:20001,2@127.0.0.1:20002,3@127.0.0.1:20003',
    'log.dirs': path.join('tmp', 'node-2', 'data'),
    'offsets.topic.replication.factor': '3',
  })
  expect(bootstrapOf(nodes)).toBe('127.0.0.1:10001,127.0.0.1:10002,127.0.0.1:10003')
})

test('a path of Windows survives the properties file', () => {
  expect(propertiesFile({ 'log.dirs': 'C:\\Temp\\node 1', 'node.id': '1' })).toBe(
    'log.dirs=C:\\\\Temp\\\\node 1\nnode.id=1\n',
  )
})

test('the folder is formatted, then Kafka runs, with the same Java and jars', () => {
  const [format, run] = nodeCommands('java', 'libs/*', 'server.properties') as [string[], string[]]
  expect(format).toContain('kafka.tools.StorageTool')
  expect(run.slice(-2)).toEqual(['kafka.Kafka', 'server.properties'])
  expect(format.slice(0, 6)).toEqual(run.slice(0, 6))
  expect(run[0]).toBe('java')
})
