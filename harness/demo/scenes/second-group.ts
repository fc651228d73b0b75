import type { Stage } from '../../answer/stage.ts'
import type { Demo } from '../demo.ts'
import { ALONE, type DemoGiven } from './given.ts'
import { join, member } from './member.ts'
import { groupOf, messagesOf, orderIds } from './orders.ts'
import { untilRead } from './waiting.ts'

export const secondGroup: Demo = {
  name: 'second-group',
  title: 'A second group gets everything again',
  lookAt: 'what analytics gets, though inventory has read it all before: reading takes nothing away.',
  exercises: ['11'],
  partitions: 3,
  nodes: 1,
  shows: ['sent', 'owns', 'got', 'committed'],
  charts: [],
}

export { member as analytics, member as inventory }

export async function shop({ kafka, topic, spawn, pauseAt, given = ALONE }: Stage<DemoGiven>) {
  const [stock, reports] = [groupOf(topic, 'inventory'), groupOf(topic, 'analytics')] as const
  const admin = kafka.admin()
  const producer = kafka.producer()
  await Promise.all([admin.connect(), producer.connect()])
  await pauseAt('say', 'Four orders come in, and inventory reads them.')
  await producer.send({ topic, messages: messagesOf(orderIds(4)) })
  join(spawn, 'inventory', { groupId: stock, ...given })
  await untilRead(admin, stock, topic)
  await pauseAt(
    'say',
    'All four are read and committed. Now analytics starts, a day late, in a group of its own. What will it get?',
  )
  join(spawn, 'analytics', { groupId: reports, ...given })
  await untilRead(admin, reports, topic)
  await pauseAt('say', 'The same four. One more order: who gets it now?')
  await producer.send({ topic, messages: messagesOf(orderIds(1, 5)) })
  await Promise.all([untilRead(admin, stock, topic), untilRead(admin, reports, topic)])
  await pauseAt('say', 'Both. Within a group records are shared out; every group gets all of them.')
  await Promise.all([admin.disconnect(), producer.disconnect()])
}
