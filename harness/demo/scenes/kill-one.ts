import type { Stage } from '../../answer/stage.ts'
import type { Demo } from '../demo.ts'
import { ALONE, type DemoGiven } from './given.ts'
import { join, member } from './member.ts'
import { groupOf, messagesOf, orderIds } from './orders.ts'
import { untilRead, untilStable } from './waiting.ts'

export const killOne: Demo = {
  name: 'kill-one',
  title: 'One leaves, one is killed',
  lookAt: 'the two gaps: how long partitions have no owner after a leave, and after a kill.',
  exercises: ['12', '13'],
  partitions: 3,
  nodes: 1,
  shows: ['sent', 'owns', 'got', 'left', 'gone'],
  charts: ['owners'],
}

export { member as ann, member as bob, member as cid }

export async function shop({ kafka, topic, spawn, pauseAt, given = ALONE }: Stage<DemoGiven>) {
  const groupId = groupOf(topic, 'inventory')
  const admin = kafka.admin()
  const producer = kafka.producer()
  await Promise.all([admin.connect(), producer.connect()])
  join(spawn, 'ann', { groupId, ...given })
  await untilStable(admin, groupId, 1)
  const bob = join(spawn, 'bob', { groupId, ...given })
  await untilStable(admin, groupId, 2)
  const cid = join(spawn, 'cid', { groupId, ...given })
  await untilStable(admin, groupId, 3)
  await pauseAt('say', 'Three members, a partition each. bob is told to stop, and says goodbye (LeaveGroup).')
  await bob.leave()
  await untilStable(admin, groupId, 2)
  await pauseAt(
    'say',
    'The others took over with their next heartbeats. Now cid is killed: no goodbye. Orders keep coming in. Count the seconds.',
  )
  await cid.kill()
  await producer.send({ topic, messages: messagesOf(orderIds(6)) })
  await untilStable(admin, groupId, 1)
  await untilRead(admin, groupId, topic)
  await pauseAt(
    'say',
    'Until the session timed out nobody knew. The orders on the partitions of cid had to wait; none is lost.',
  )
  await Promise.all([admin.disconnect(), producer.disconnect()])
}
