import type { Producer } from 'kafkajs'

export async function produceEvent(producer: Producer) {
  await producer.send({ topic: '@NEIGHBOUR_TOPIC@', messages: [{ value: 'forged' }] })
}
