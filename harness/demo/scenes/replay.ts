import type { Stage } from '../../answer/stage.ts'
import type { Demo } from '../demo.ts'
import { ALONE, type DemoGiven } from './given.ts'
import { join, member } from './member.ts'
import { groupOf, messagesOf, orderIds } from './orders.ts'
import { untilRead } from './waiting.ts'

export const replay: Demo = {
  name: 'replay',
  title: 'Read it all once more',
  lookAt: 'the offsets: the records are the same, and only the commit has moved.',
  exercises: ['15'],
  partitions: 1,
  nodes: 1,
  shows: ['sent', 'got', 'committed', 'left'],
  charts: [],
}

export { member as repaired, member as report }

export async function shop({ kafka, topic, spawn, pauseAt, given = ALONE }: Stage<DemoGiven>) {
  const groupId = groupOf(topic, 'analytics')
  const admin = kafka.admin()
  const producer = kafka.producer()
  await Promise.all([admin.connect(), producer.connect()])
  await pauseAt('say', 'Five orders, and a report that counts them.')
  await producer.send({ topic, messages: messagesOf(orderIds(5)) })
  const first = join(spawn, 'report', { groupId, ...given })
  await untilRead(admin, groupId, topic)
  await pauseAt(
    'say',
    'The report counted wrongly. It stops (a group can be reset only while nobody is in it), and its commit goes back to 0. kafkajs takes five seconds for that.',
  )
  await first.leave()
  const starts = (await admin.fetchTopicOffsets(topic)).map(({ partition, low }) => ({
    partition,
    offset: low,
  }))
  await admin.setOffsets({ groupId, topic, partitions: starts })
  await pauseAt('say', 'The repaired report starts. Where does it begin?')
  join(spawn, 'repaired', { groupId, ...given })
  await untilRead(admin, groupId, topic)
  await pauseAt(
    'say',
    'The same five orders. What they caused the first time (mails, payments) would happen twice.',
  )
  await Promise.all([admin.disconnect(), producer.disconnect()])
}
