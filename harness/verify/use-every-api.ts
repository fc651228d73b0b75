import kafkajs, { type Admin, CompressionTypes, Kafka, logLevel } from 'kafkajs'

/** Node finds only the first few named exports of kafkajs, a CommonJS package; these are behind them. */
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } =
  kafkajs

const KEYED = [
  { key: 'ORD-1', value: '{"total":10}', headers: { source: 'shop' } },
  { key: 'ORD-2', value: '{"total":20}' },
  { key: 'ORD-1', value: null },
]

/** The topic and the groups of one run; all are deleted at its end. */
interface Names {
  topic: string
  group: string
  transactionalId: string
}

/**
 * Makes kafkajs send every request that it has: producers (plain, gzip, idempotent, transactional), a consumer group, admin
 * calls, to the one node at `bootstrap`. Takes 6 seconds, most of them inside kafkajs's `setOffsets`.
 */
export async function useEveryApi(bootstrap: string): Promise<void> {
  const settings = {
    clientId: 'record-frames',
    brokers: [bootstrap],
    logLevel: logLevel.NOTHING,
  }
  const kafka = new Kafka(settings)
  const run = Date.now().toString(36)
  const names = { topic: `recorded-${run}`, group: `readers-${run}`, transactionalId: `writer-${run}` }
  const admin = kafka.admin()
  await admin.connect()
  try {
    await createAndConfigure(admin, names)
    await produce(kafka, names)
    await transact(kafka, names)
    await consume(kafka, admin, names)
    await manageOffsets(admin, names)
    await reassign(admin, names)
    await askForAcls(admin, names)
    await askForSasl(new Kafka({ ...settings, sasl: { mechanism: 'plain', username: 'u', password: 'p' } }))
    await admin.deleteGroups([names.group])
    await admin.deleteTopics({ topics: [names.topic] })
  } finally {
    await admin.disconnect()
  }
}

async function createAndConfigure(admin: Admin, { topic }: Names): Promise<void> {
  const configEntries = [{ name: 'retention.ms', value: '86400000' }]
  await admin.createTopics({
    topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries }],
    waitForLeaders: true,
  })
  await admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] })
  await admin.listTopics()
  await admin.fetchTopicMetadata({ topics: [topic] })
  await admin.describeCluster()
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic }
  await admin.describeConfigs({
    includeSynonyms: true,
    resources: [{ ...resource, configNames: ['retention.ms', 'cleanup.policy'] }],
  })
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] })
}

async function produce(kafka: Kafka, { topic }: Names): Promise<void> {
  for (const idempotent of [false, true]) {
    const producer = kafka.producer({ idempotent })
    await producer.connect()
    await producer.send({ topic, messages: KEYED })
    await producer.send({ topic, messages: KEYED, compression: CompressionTypes.GZIP })
    await producer.disconnect()
  }
}

async function transact(kafka: Kafka, { topic, group, transactionalId }: Names): Promise<void> {
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const committed = await producer.transaction()
  await committed.send({ topic, messages: KEYED })
  await committed.sendOffsets({
    consumerGroupId: group,
    topics: [{ topic, partitions: [{ partition: 0, offset: '0' }] }],
  })
  await committed.commit()
  const aborted = await producer.transaction()
  await aborted.send({ topic, messages: KEYED })
  await aborted.abort()
  await producer.disconnect()
}

/** Reads what `produce` and `transact` left visible, and asks about the group while it is at work. */
async function consume(kafka: Kafka, admin: Admin, { topic, group }: Names): Promise<void> {
  const visible = KEYED.length * 5
  const consumer = kafka.consumer({ groupId: group, heartbeatInterval: 1, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    let seen = 0
    const eachMessage = async ({ heartbeat }: { heartbeat: () => Promise<void> }) => {
      await heartbeat()
      seen += 1
      if (seen === visible) resolve()
    }
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    consumer.run({ eachMessage }).catch(reject)
  })
  await admin.describeGroups([group])
  await admin.listGroups()
  await consumer.disconnect()
}

async function manageOffsets(admin: Admin, { topic, group }: Names): Promise<void> {
  await admin.fetchOffsets({ groupId: group, topics: [topic] })
  await admin.fetchTopicOffsets(topic)
  await admin.fetchTopicOffsetsByTimestamp(topic, 0)
  await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '1' }] })
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] })
}

/** Moves a partition to where it already is: the request and its answer are the same as for a real move. */
async function reassign(admin: Admin, { topic }: Names): Promise<void> {
  const { brokers } = await admin.describeCluster()
  const replicas = brokers.slice(0, 1).map(({ nodeId }) => nodeId)
  await admin.alterPartitionReassignments({
    topics: [{ topic, partitionAssignment: [{ partition: 0, replicas }] }],
  })
  await admin.listPartitionReassignments({ topics: [{ topic, partitions: [0, 1] }] })
}

/** A node without authorizer refuses all of it. */
async function askForAcls(admin: Admin, { topic }: Names): Promise<void> {
  const rule = {
    resourceType: AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: 'User:reader',
    host: '*',
    operation: AclOperationTypes.READ,
    permissionType: AclPermissionTypes.ALLOW,
  }
  const calls = [
    admin.describeAcls(rule),
    admin.createAcls({ acl: [rule, rule] }),
    admin.deleteAcls({ filters: [rule, { ...rule, resourceName: undefined }] }),
  ]
  for (const { status } of await Promise.allSettled(calls)) {
    if (status === 'fulfilled') throw new Error('a node without authorizer accepted access control')
  }
}

/** The listener has no SASL, so Kafka answers ILLEGAL_SASL_STATE; the handshake is on the wire all the same. */
async function askForSasl(kafka: Kafka): Promise<void> {
  const admin = kafka.admin({ retry: { retries: 0 } })
  await admin.connect().then(
    () => Promise.reject(new Error('a listener without SASL accepted a SASL handshake')),
    () => admin.disconnect(),
  )
}
