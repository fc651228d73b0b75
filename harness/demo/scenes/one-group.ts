import type { Stage } from '../../answer/stage.ts'
import type { Demo } from '../demo.ts'
import { ALONE, type DemoGiven } from './given.ts'
import { join, member } from './member.ts'
import { groupOf, messagesOf, orderIds } from './orders.ts'
import { untilRead, untilStable } from './waiting.ts'

export const oneGroup: Demo = {
  name: 'one-group',
  title: 'Three consumers, one group',
  lookAt: 'who owns which partition after each join, and that every record comes to one member only.',
  exercises: ['10', '11', '13'],
  partitions: 3,
  nodes: 1,
  shows: ['owns', 'got'],
  charts: ['owners'],
}

export { member as ann, member as bob, member as cid, member as dan }

export async function shop({ kafka, topic, spawn, pauseAt, given = ALONE }: Stage<DemoGiven>) {
  const groupId = groupOf(topic, 'inventory')
  const admin = kafka.admin()
  const producer = kafka.producer()
  await Promise.all([admin.connect(), producer.connect()])
  for (const [index, name] of ['ann', 'bob', 'cid'].entries()) {
    await pauseAt('say', SAYINGS[index])
    join(spawn, name, { groupId, ...given })
    await untilStable(admin, groupId, index + 1)
  }
  await pauseAt('say', 'Three members, three partitions. Nine orders come in. Who gets what?')
  await producer.send({ topic, messages: messagesOf(orderIds(9)) })
  await untilRead(admin, groupId, topic)
  await pauseAt('say', 'Each record came to one member. A fourth member, dan, joins. What will be his?')
  join(spawn, 'dan', { groupId, ...given })
  await untilStable(admin, groupId, 4)
  await pauseAt('say', 'One of the four has nothing to do: a group has no more workers than partitions.')
  await Promise.all([admin.disconnect(), producer.disconnect()])
}

const SAYINGS = [
  'ann joins the group. There is nobody else: how many partitions will she own?',
  'bob joins. Everybody gives up everything first, then it is shared out anew.',
  'cid joins.',
]
