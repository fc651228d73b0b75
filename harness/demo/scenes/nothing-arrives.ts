import type { Stage } from '../../answer/stage.ts'
import type { Demo } from '../demo.ts'
import { ALONE, type DemoGiven } from './given.ts'
import { join, member } from './member.ts'
import { groupOf, messagesOf, orderIds } from './orders.ts'
import { untilRead } from './waiting.ts'

export const nothingArrives: Demo = {
  name: 'nothing-arrives',
  title: 'Why does nothing arrive?',
  lookAt: 'where each group begins: at its commit; without one, where its setting says.',
  exercises: ['07'],
  partitions: 1,
  nodes: 1,
  shows: ['sent', 'owns', 'begins', 'got', 'committed'],
  charts: [],
}

export { member as again, member as early, member as late }

export async function shop({ kafka, topic, spawn, pauseAt, given = ALONE }: Stage<DemoGiven>) {
  const admin = kafka.admin()
  const producer = kafka.producer()
  await Promise.all([admin.connect(), producer.connect()])
  await producer.send({ topic, messages: messagesOf(orderIds(3)) })
  await pauseAt(
    'say',
    'Three orders lie in the topic. A new group starts with the usual setting: latest (fromBeginning: false).',
  )
  const late = join(spawn, 'late', { groupId: groupOf(topic, 'inventory'), fromBeginning: false, ...given })
  await late.next('fetched')
  await pauseAt('say', 'Nothing arrives, and nothing is wrong: it began at the end. One more order comes in.')
  const first = late.next('handled')
  await producer.send({ topic, messages: messagesOf(orderIds(1, 4)) })
  await first
  await pauseAt('say', 'Only the new one. Another new group starts, with earliest (fromBeginning: true).')
  const groupId = groupOf(topic, 'payment')
  const early = join(spawn, 'early', { groupId, ...given })
  await untilRead(admin, groupId, topic)
  await pauseAt(
    'say',
    'All four. It stops, and starts once more with the same setting, earliest. What comes now?',
  )
  await early.leave()
  const again = join(spawn, 'again', { groupId, ...given })
  await again.next('fetched')
  await pauseAt('say', 'Nothing: the group has a commit, and a commit beats the setting.')
  await Promise.all([admin.disconnect(), producer.disconnect()])
}
