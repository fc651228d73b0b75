import type { Stage } from '../../answer/stage.ts'
import type { Demo } from '../demo.ts'
import { messagesOf, orderIds } from './orders.ts'

export const sameKey: Demo = {
  name: 'same-key',
  title: 'Same key, same partition',
  lookAt: 'the partition of each order: it never changes, and two orders may share one.',
  exercises: ['03', '05'],
  partitions: 3,
  nodes: 1,
  shows: ['sent'],
  charts: [],
}

export async function shop({ kafka, topic, pauseAt }: Stage) {
  const producer = kafka.producer()
  await producer.connect()
  await pauseAt(
    'say',
    'Three orders, three events each. The key is the order id. Guess: which order goes where?',
  )
  for (const type of ['OrderPlaced', 'PaymentReceived', 'OrderShipped']) {
    await producer.send({ topic, messages: messagesOf(orderIds(3), type) })
  }
  await pauseAt(
    'say',
    'Every order has stayed on its partition. Two orders share one, and that does no harm. Now one more event of ORD-002. Guess again.',
  )
  await producer.send({ topic, messages: messagesOf(['ORD-002'], 'OrderDelivered') })
  await pauseAt('say', 'Now three events of ORD-001 without a key.')
  for (const { value } of ['PriceChanged', 'AddressChanged', 'OrderCancelled'].flatMap((type) =>
    messagesOf(['ORD-001'], type),
  )) {
    await producer.send({ topic, messages: [{ value }] })
  }
  await pauseAt('say', 'One order, scattered over the partitions: nobody can tell any more what came first.')
  await producer.disconnect()
}
