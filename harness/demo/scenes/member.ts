import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from '../../answer/stage.ts'

/** What the demos tell a member of a consumer group. */
export interface Membership {
  groupId: string
  /** Milliseconds. */
  sessionTimeout: number
  /** Where it begins where its group has committed nothing; true by default. */
  fromBeginning?: boolean
  /** How long it takes over a record, in milliseconds; 0 by default. */
  workMs?: number
}

/** A consumer in a process of its own. */
export async function member({ kafka, topic, pauseAt, given }: Stage<Membership>) {
  if (!given) throw new Error('a member must be told its group')
  const { groupId, sessionTimeout, fromBeginning = true, workMs = 0 } = given
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout,
    heartbeatInterval: 300,
    rebalanceTimeout: 20_000,
    // How long the broker may hold an empty fetch. kafkajs neither hears of a rebalance nor leaves while it waits.
    maxWaitTimeInMs: 250,
  })
  consumer.on(consumer.events.FETCH, () => void pauseAt('fetched'))
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning })
  await consumer.run({
    autoCommitThreshold: 10,
    eachMessage: async () => {
      if (workMs > 0) await sleep(workMs)
      await pauseAt('handled')
    },
  })
  await pauseAt('working')
  await consumer.disconnect()
}

/** Starts a member, which works until it is told to leave, or killed. */
export function join(spawn: Stage['spawn'], name: string, membership: Membership) {
  const { paused, kill, ended } = spawn(name, membership)
  // Nobody who asks later would find it there.
  const working = paused('working')
  return {
    kill,
    /** Resolves when it does this for the next time. */
    async next(does: 'fetched' | 'handled') {
      const { go } = await paused(does)
      go()
    },
    async leave() {
      const { go } = await working
      go()
      await ended()
    },
  }
}
