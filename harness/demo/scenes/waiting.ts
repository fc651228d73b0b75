import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin } from 'kafkajs'

/** Nothing in a demo takes so long; whoever waits longer waits in vain. */
const MOST_MS = 60_000
const LOOK_AGAIN_MS = 100

/** Resolves when the group has so many members and nobody is joining. */
export function untilStable(admin: Admin, groupId: string, members: number): Promise<void> {
  return until(`${members} members in ${groupId}`, async () => {
    const { groups } = await admin.describeGroups([groupId])
    return groups[0]?.state === 'Stable' && groups[0].members.length === members
  })
}

/** Resolves when the group has committed everything that lies in the topic. */
export function untilRead(admin: Admin, groupId: string, topic: string): Promise<void> {
  return until(`${groupId} to have read all`, async () => {
    const ends = await admin.fetchTopicOffsets(topic)
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] })
    return ends.every(({ partition, low, high }) => {
      const found = committed?.partitions.find((one) => one.partition === partition)
      return low === high || found?.offset === high
    })
  })
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + MOST_MS
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`waited ${MOST_MS / 1000} s for ${what}`)
    await sleep(LOOK_AGAIN_MS)
  }
}
