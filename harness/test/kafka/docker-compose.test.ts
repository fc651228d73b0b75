import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { KAFKA_IMAGE, kafkaEnvironment } from '../../kafka/kafka-image.ts'

const text = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8')
const CLUSTER = ['kafka-1', 'kafka-2', 'kafka-3']

/** A service, or what begins with `x-`: the lines that stand indented below its name. */
function block(name: string): string {
  const [, indent = '', lines = ''] =
    new RegExp(`^( *)${name}:.*\\n((?:\\1 +.*\\n|\\n)*)`, 'm').exec(text) ?? []
  return lines.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
}

/** The variables that a block has, with those of the block that it takes in (`<<: *environment`). */
function variables(lines: string): Record<string, string> {
  const [, takenIn] = /<<: \*(environment|cluster)$/m.exec(lines) ?? []
  const own = [...lines.matchAll(/^ +(KAFKA_[A-Z0-9_]+): '([^']*)'$/gm)].map((match) => [match[1], match[2]])
  return { ...(takenIn ? variables(block(`x-${takenIn}`)) : {}), ...Object.fromEntries(own) }
}

test('the single node is the Kafka of the container provider, for clients on 127.0.0.1:9092', () => {
  const node = { id: 1, advertised: '127.0.0.1:9092', hosts: ['kafka'] }
  expect(variables(block('kafka'))).toEqual(kafkaEnvironment(node))
  expect(block('kafka')).not.toContain('profiles:')
})

describe.each(CLUSTER)('%s of the profile cluster', (host) => {
  const id = CLUSTER.indexOf(host) + 1
  const address = `127.0.0.1:${9091 + id}`

  test('is one of the three nodes of the container provider', () => {
    expect(variables(block(host))).toEqual(kafkaEnvironment({ id, advertised: address, hosts: CLUSTER }))
    expect(block(host)).toContain('profiles: [cluster]')
  })

  test('is open to this machine alone, and has a volume of its own', () => {
    expect(block(host)).toContain(`- ${address}:9092\n`)
    expect(block(host)).toContain(`- data-${id}:/var/lib/kafka/data\n`)
  })
})

test('every node has the image of the container provider, and is looked after', () => {
  expect(block('x-node')).toContain(`image: ${KAFKA_IMAGE}\n`)
  expect(block('x-node')).toContain('healthcheck:')
  for (const host of ['kafka', ...CLUSTER]) expect(block(host)).toContain('<<: *node\n')
})

test('no port is open to other machines, and the page for looking in reaches both', () => {
  const ports = [...text.matchAll(/^ +- (\S+:\d+:\d+)$/gm)].map((match) => match[1])
  expect(ports).toHaveLength(5)
  expect(ports.filter((port) => !port?.startsWith('127.0.0.1:'))).toEqual([])
  expect(block('ui')).toContain('- 127.0.0.1:8090:8080\n')
  expect(variables(block('ui'))).toMatchObject({
    KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: 'kafka:9094',
    KAFKA_CLUSTERS_1_BOOTSTRAPSERVERS: CLUSTER.map((host) => `${host}:9094`).join(','),
  })
})
