import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import type { Stage } from '../../answer/stage.ts'
import type { Demo } from '../demo.ts'
import { messagesOf, orderIds } from './orders.ts'

export const failover: Demo = {
  name: 'failover',
  title: 'A broker falls',
  lookAt: 'the leader and the in-sync replicas before and after, and how long a send waits in between.',
  exercises: ['19'],
  partitions: 3,
  nodes: 3,
  shows: ['sent', 'leads'],
  charts: [],
}

const EVERY_MS = 250
const ORDERS = 12
const STOPPED_AT = 4

export async function shop({ kafka, topic, pauseAt }: Stage) {
  const admin = kafka.admin()
  // The one that sends keeps trying for as long as an election takes.
  const producer = kafka.producer({ retry: { retries: 60, initialRetryTime: 100, maxRetryTime: 500 } })
  await Promise.all([admin.connect(), producer.connect()])
  const { partition, leader } = await victimOf(admin, topic)
  await pauseAt(
    'say',
    `Three brokers keep three copies. Partition ${partition} gets an order every quarter of a second. Then its leader, broker ${leader}, stops.`,
  )
  for (const [index, message] of messagesOf(orderIds(ORDERS)).entries()) {
    if (index === STOPPED_AT) await pauseAt('stop node', leader)
    await producer.send({ topic, acks: -1, messages: [{ ...message, partition }] })
    await sleep(EVERY_MS)
  }
  await admin.fetchTopicMetadata({ topics: [topic] })
  await pauseAt(
    'say',
    'Another replica leads, the client found it by itself, and every order that was acknowledged is still there.',
  )
  await Promise.all([admin.disconnect(), producer.disconnect()])
}

/** A partition whose leader is not the first broker: that one is the address that everybody was given. */
async function victimOf(admin: Admin, topic: string) {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  const partitions = topics[0]?.partitions ?? []
  const first = Math.min(...partitions.flatMap(({ replicas }) => replicas))
  const found = partitions.find(({ leader }) => leader !== first)
  if (!found) throw new Error('one broker leads everything: nothing can be shown')
  return { partition: found.partitionId, leader: found.leader }
}
