/* What a program does with @platformatic/kafka, as JSON on standard output. node platformatic.mjs BOOTSTRAP NAME MODULE */

const [, , bootstrap, name, module] = process.argv
const { Admin, Consumer, MessagesStreamModes, Producer, stringDeserializers, stringSerializers } =
  await import(module)

const topic = `${name}-orders`
const groupId = `${name}-group`
const client = { clientId: 'platformatic', bootstrapBrokers: [bootstrap], retries: 20, retryDelay: 100 }
const seen = {}

const admin = new Admin(client)
const [created] = await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 })
seen.created = {
  name: created.name,
  partitions: created.partitions,
  hasId: /^[0-9a-f-]{36}$/.test(created.id),
}
seen.isListed = (await admin.listTopics()).includes(topic)
seen.again = await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 }).then(
  () => null,
  (error) => error.errors[0].apiId,
)

const producer = new Producer({ ...client, serializers: stringSerializers, acks: -1 })
const message = (key, value, partition) => ({ topic, key, value, partition, headers: { trace: '7' } })
for (const compression of ['none', 'gzip', 'snappy', 'lz4']) {
  const sent = await producer.send({ messages: [message('ORD-1', compression, 0)], compression })
  seen.offsets = [...(seen.offsets ?? []), Number(sent.offsets[0].offset)]
}
await producer.close()

const transactional = new Producer({
  ...client,
  serializers: stringSerializers,
  idempotent: true,
  transactionalId: name,
})
for (const [value, end] of [
  ['committed', 'commit'],
  ['aborted', 'abort'],
]) {
  const transaction = await transactional.beginTransaction()
  await transaction.send({ messages: [message('ORD-2', value, 1)] })
  await transaction[end]()
}
const groupOptions = { ...client, groupId, deserializers: stringDeserializers, maxWaitTime: 100 }
const timing = { sessionTimeout: 10_000, rebalanceTimeout: 10_000, heartbeatInterval: 200 }
const consumers = []

/** A member that reads from the start, committed records only, and keeps what it got. */
async function join() {
  const consumer = new Consumer({ ...groupOptions, ...timing })
  const member = { consumer, records: [] }
  consumers.push(member)
  member.stream = await consumer.consume({
    topics: [topic],
    mode: MessagesStreamModes.COMMITTED,
    fallbackMode: 'earliest',
    isolationLevel: 1,
    autocommit: false,
  })
  member.stream.on('data', (record) => member.records.push(record))
  return member
}

async function until(what, holds) {
  const deadline = Date.now() + 20_000
  while (!holds()) {
    if (Date.now() > deadline)
      throw new Error(`${what}: ${JSON.stringify(consumers.map(({ records }) => records.length))}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const partitionsOf = ({ consumer }) => consumer.assignments?.flatMap(({ partitions }) => partitions) ?? []
const first = await join()
await until('the first member reads all', () => first.records.length === 5)
seen.read = first.records.map((one) => `${one.partition}:${one.value}`).toSorted()
const second = await join()
await until('both have one partition', () => consumers.every((one) => partitionsOf(one).length === 1))
seen.shared = consumers.flatMap(partitionsOf).toSorted()
await second.stream.close()
await second.consumer.close()
await until('the first has both again', () => partitionsOf(first).length === 2)
const groups = await admin.describeGroups({ groups: [groupId] })
seen.state = groups.get(groupId).state
seen.members = groups.get(groupId).members.size

// A record that the group reads, and its offset, in one transaction, in the name of this member (KIP-447).
const isLate = ({ value }) => value === 'late'
const late = await transactional.beginTransaction()
await late.send({ messages: [message('ORD-3', 'late', 1)] })
await late.commit()
await until('the first member reads on', () => first.records.some(isLate))
const transaction = await transactional.beginTransaction()
await transaction.addConsumer(first.consumer)
await transaction.addOffset(first.records.find(isLate))
await transaction.commit()
await transactional.close()
await first.stream.close()
await first.consumer.close()

const [committed] = await admin.listConsumerGroupOffsets({ groups: [groupId] })
seen.committed = committed.topics
  .flatMap(({ partitions }) => partitions.map((one) => [one.partitionIndex, Number(one.committedOffset)]))
  .toSorted()
seen.groupIsListed = (await admin.listGroups()).has(groupId)
await admin.deleteGroups({ groups: [groupId] })
const [described] = await admin.describeConfigs({ resources: [{ resourceType: 2, resourceName: topic }] })
seen.retention = described.configs.find((one) => one.name === 'retention.ms').value
await admin.createPartitions({ topics: [{ name: topic, count: 3, assignments: [{ brokerIds: [1] }] }] })
const latest = { partitionIndex: 0, timestamp: -1n }
const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions: [latest] }] })
seen.latest = Number(listed.partitions[0].offset)
await admin.deleteTopics({ topics: [topic] })
seen.isGone = !(await admin.listTopics()).includes(topic)
await admin.close()
process.stdout.write(`${JSON.stringify(seen)}\n`)
