import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, Kafka } from 'kafkajs'
import { order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { runConsumerWorker, type TopicPartition, type WorkerHooks } from './consumer-worker.ts'

/** How long each state lasts, so that it can be seen in the picture. */
const SHOWN_MS = 1_000

interface Shift {
  /** Milliseconds; 6,000 is the least that a broker takes as it comes. */
  sessionTimeout?: number
  /** Milliseconds that the first event holds up the whole process, timers and all. */
  blockMs?: number
}

/** What the hooks of one worker heard, in order. */
interface Happening {
  what: 'assigned' | 'revoked' | 'message' | 'handled'
  /** Of `assigned` and `revoked`. */
  partitions?: TopicPartition[]
  /** Of `message` and `handled`: `partition:offset`. */
  at?: string
}

/** Three workers, each a process of its own. One after the other joins; then one leaves, and one is killed. */
export async function threeWorkers({ kafka, topic, spawn }: Stage) {
  await sendOrders(kafka, topic, 60)
  const ann = spawn('work')
  const annHears = [1, 2, 3, 4, 5].map((nth) => ann.paused('assigned', nth))
  const annWorks = await ann.paused('working')
  await sleep(SHOWN_MS)
  const bob = spawn('work')
  const bobWorks = await bob.paused('working')
  await sleep(SHOWN_MS)
  const cid = spawn('work')
  await cid.paused('working')
  await sleep(SHOWN_MS)

  console.log('bob leaves')
  bobWorks.go()
  await bob.ended()
  await annHears[3]
  await sleep(SHOWN_MS)
  console.log('cid is killed')
  await cid.kill()
  await annHears[4]
  console.log('ann has everything again')
  await sleep(SHOWN_MS)
  annWorks.go()
  await ann.ended()
}

/** One worker. The checks hold it while it handles an event, let that fail, or kill it. */
export async function work({ kafka, topic, group, pauseAt, given = {} }: Stage<Shift>) {
  const { sessionTimeout = 6_000, blockMs = 0 } = given
  const story: Happening[] = []
  const hooks: WorkerHooks = {
    onAssigned(partitions) {
      story.push({ what: 'assigned', partitions })
      void pauseAt('assigned', partitions)
    },
    onRevoked(partitions) {
      story.push({ what: 'revoked', partitions })
    },
    async onMessage(_event, { partition }, offset) {
      const at = `${partition}:${offset}`
      story.push({ what: 'message', at })
      if (blockMs > 0 && story.filter(({ what }) => what === 'message').length === 1) block(blockMs)
      await pauseAt('handling', at)
      await sleep(10)
      story.push({ what: 'handled', at })
      void pauseAt('handled', at)
    },
  }
  const config = {
    topic,
    consumer: {
      groupId: group,
      sessionTimeout,
      heartbeatInterval: 300,
      // How long the group waits for a member that is at work when somebody joins.
      rebalanceTimeout: 20_000,
      // How long the broker may hold an empty fetch. kafkajs neither hears of a rebalance nor leaves while it waits.
      maxWaitTimeInMs: 100,
      retry: { initialRetryTime: 50, retries: 5 },
    },
  }
  const worker = await runConsumerWorker(
    tellingOfCrashes(kafka, (crash) => void pauseAt('crashed', crash)),
    config,
    hooks,
  )
  const id = worker.id()
  await pauseAt('working', id)
  const lastId = worker.id()
  const stopping = worker.stop()
  await pauseAt('stopping')
  await stopping
  await pauseAt('stopped')
  return { story, ids: [id, lastId] }
}

/** kafkajs tells of a consumer that has stopped for good by an event, and in no other way. */
function tellingOfCrashes(kafka: Kafka, tell: (crash: { restart: boolean; message: string }) => void): Kafka {
  const make = kafka.consumer.bind(kafka)
  kafka.consumer = (config): Consumer => {
    const consumer = make(config)
    consumer.on(consumer.events.CRASH, ({ payload: { restart, error } }) => {
      tell({ restart, message: error.message })
    })
    return consumer
  }
  return kafka
}

/** Long work that does not let go of the thread: no timer fires meanwhile, and no heartbeat is sent. */
function block(ms: number) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

async function sendOrders(kafka: Kafka, topic: string, count: number) {
  const events = Array.from({ length: count }, (_, index) => order(`ORD-${1001 + index}`))
  const producer = kafka.producer()
  await producer.connect()
  try {
    await producer.send({
      topic,
      messages: events.map((event) => ({ key: event.orderId, value: JSON.stringify(event) })),
    })
  } finally {
    await producer.disconnect()
  }
}
