// For `npm run play 19` alone: the checks of this exercise need no broker. A partition on three nodes loses its leader.

import { setTimeout as sleep } from 'node:timers/promises'
import { type Admin, logLevel, type Producer } from 'kafkajs'
import { order } from '#bookstore'
import type { Failover, Stage } from '#workbook/check'
import { elect } from './replication.ts'

export const nodes = 3

const EVERY_MS = 100
const BEFORE = 10
const AFTER = 15
const LONGEST_MS = 25_000

/** Orders are sent one after the other with acks=all; then the leader dies as by a power cut, and they go on being sent. */
export async function leaderDies({ kafka, topic, pauseAt }: Stage): Promise<{ failover: Failover }> {
  // Every error is in the strip.
  kafka.logger().setLogLevel(logLevel.NOTHING)
  const [admin, producer] = [kafka.admin(), kafka.producer({ retry: { retries: 0 } })]
  await admin.connect()
  await admin.createTopics({
    topics: [
      {
        topic,
        numPartitions: 1,
        replicationFactor: nodes,
        configEntries: [{ name: 'min.insync.replicas', value: '2' }],
      },
    ],
  })
  await producer.connect()

  const startedAt = Date.now()
  const atMs = () => Date.now() - startedAt
  const failover: Failover = { replicas: [], views: [], sends: [] }
  let isOver = false
  const watching = watch(admin, topic, failover, atMs, () => isOver)

  await sendUntil(producer, topic, failover, atMs, () => acknowledged(failover) >= BEFORE)
  const leader = failover.views.at(-1)?.leader ?? 1
  failover.predicted = prediction(failover, leader)
  await pauseAt('node dies', leader)
  failover.died = { node: leader, atMs: atMs() }
  await sendUntil(producer, topic, failover, atMs, () => acknowledged(failover) >= BEFORE + AFTER)
  isOver = true
  await watching
  await Promise.all([producer.disconnect(), admin.disconnect()])
  return { failover }
}

type Clock = () => number

/** Sends one order after the other, without a retry: every error of kafkajs is one that we want to see. */
async function sendUntil(
  producer: Producer,
  topic: string,
  failover: Failover,
  atMs: Clock,
  isEnough: () => boolean,
) {
  while (!isEnough() && atMs() < LONGEST_MS) {
    const send = { atMs: atMs(), tookMs: 0, error: null as string | null }
    try {
      const value = JSON.stringify(order(`ORD-${failover.sends.length + 1}`))
      await producer.send({ topic, acks: -1, timeout: 1000, messages: [{ value }] })
    } catch (error) {
      send.error = nameOf(error)
    }
    send.tookMs = atMs() - send.atMs
    failover.sends.push(send)
    await sleep(EVERY_MS)
  }
}

/** Notes who leads and who is in sync, as any client is told, whenever that changes. */
async function watch(admin: Admin, topic: string, failover: Failover, atMs: Clock, isOver: () => boolean) {
  while (!isOver()) {
    const view = { atMs: atMs(), leader: null as number | null, isr: [] as number[] }
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      const [partition] = topics[0]?.partitions ?? []
      if (partition) {
        view.leader = partition.leader < 0 ? null : partition.leader
        view.isr = [...partition.isr].sort()
        failover.replicas = partition.replicas
      }
    } catch {
      // Nobody could be asked: seen as no leader.
    }
    const last = failover.views.at(-1)
    if (last?.leader !== view.leader || `${last.isr}` !== `${view.isr}`) failover.views.push(view)
    await sleep(EVERY_MS)
  }
}

function acknowledged({ sends }: Failover): number {
  return sends.filter(({ error }) => error === null).length
}

/** What your own `elect` says about the loss that comes; undefined as long as it is not written. */
function prediction({ replicas, views }: Failover, dying: number): number | null | undefined {
  const alive = replicas.filter((id) => id !== dying)
  const caughtUp = (id: number) => ({ alive: id !== dying, log: [], caughtUpAt: 0 })
  try {
    return elect({
      replicas: [...replicas],
      minInsyncReplicas: 2,
      replicaLagTimeMaxMs: 30_000,
      uncleanLeaderElection: false,
      now: 0,
      brokers: Object.fromEntries(replicas.map((id) => [id, caughtUp(id)])),
      leader: null,
      isr: views.at(-1)?.isr.filter((id) => alive.includes(id)) ?? [],
      elr: [],
      highWatermark: 0,
      underReplicated: true,
    })
  } catch {
    return undefined
  }
}

/** Kafka's name of an error, or kafkajs's where it comes from the connection. */
function nameOf(error: unknown): string {
  const { name, type, code, cause } = error as Error & { type?: string; code?: string; cause?: unknown }
  if (cause) return nameOf(cause)
  return type ?? code ?? name
}
