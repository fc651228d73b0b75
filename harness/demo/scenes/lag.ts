import { setTimeout as sleep } from 'node:timers/promises'
import type { Stage } from '../../answer/stage.ts'
import type { Demo } from '../demo.ts'
import { ALONE, type DemoGiven } from './given.ts'
import { join, member } from './member.ts'
import { groupOf, messagesOf, orderIds } from './orders.ts'
import { untilRead, untilStable } from './waiting.ts'

export const lag: Demo = {
  name: 'lag',
  title: 'Lag grows, and shrinks',
  lookAt: 'the lag: records in the topic that the group has not committed yet.',
  exercises: ['14'],
  partitions: 3,
  nodes: 1,
  shows: ['owns', 'lag'],
  charts: ['lag'],
}

/** One record takes so long: a member handles forty in a second. */
const WORK_MS = 25
/** A send of eight every hundred milliseconds: eighty in a second. */
const RUSH = { sends: 30, records: 8, everyMs: 100 }

export { member as help, member as slow }

export async function shop({ kafka, topic, spawn, pauseAt, given = ALONE }: Stage<DemoGiven>) {
  const groupId = groupOf(topic, 'inventory')
  const admin = kafka.admin()
  const producer = kafka.producer()
  await Promise.all([admin.connect(), producer.connect()])
  join(spawn, 'slow', { groupId, workMs: WORK_MS, ...given })
  await untilStable(admin, groupId, 1)
  await pauseAt(
    'say',
    'One member handles forty orders in a second. Eighty in a second come in, for three seconds.',
  )
  for (let send = 0; send < RUSH.sends; send++) {
    await producer.send({ topic, messages: messagesOf(orderIds(RUSH.records, 1 + send * RUSH.records)) })
    await sleep(RUSH.everyMs)
  }
  await pauseAt('say', 'The rush is over; the lag is what is left to do. A second member joins the group.')
  join(spawn, 'help', { groupId, workMs: WORK_MS, ...given })
  await untilRead(admin, groupId, topic)
  await pauseAt(
    'say',
    'Back to nothing. A lag that falls is a queue; a lag that only grows is too few members, or too slow ones.',
  )
  await Promise.all([admin.disconnect(), producer.disconnect()])
}
