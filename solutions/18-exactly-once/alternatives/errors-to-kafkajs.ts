import type { Consumer, ConsumerConfig, EachMessagePayload, Kafka, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface TransferConfig {
  from: string
  to: string
  transactionalId: string
  consumer: ConsumerConfig
  max: number
}

export interface RunReport {
  transferred: number
}

// Errors leave eachMessage. kafkajs may call it again with the same event, and then gives up; it is told not to restart.
class Transfer {
  private readonly config: TransferConfig
  private readonly f: (event: BookEvent) => BookEvent
  private readonly producer: Producer
  private readonly consumer: Consumer
  private readonly report: RunReport = { transferred: 0 }

  constructor(kafka: Kafka, config: TransferConfig, f: (event: BookEvent) => BookEvent) {
    this.config = config
    this.f = f
    this.producer = kafka.producer({ transactionalId: config.transactionalId })
    this.consumer = kafka.consumer({
      ...config.consumer,
      retry: { ...config.consumer.retry, restartOnFailure: async () => false },
    })
  }

  async run(): Promise<RunReport> {
    const { consumer, producer, config } = this
    const over = new Promise<RunReport>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, (event) => reject(event.payload.error))
      // STOP comes before a CRASH, too.
      consumer.on(consumer.events.STOP, () => {
        if (this.report.transferred === config.max) resolve(this.report)
      })
    })
    await producer.connect()
    await producer.transaction().then((transaction) => transaction.abort())
    await consumer.connect()
    await consumer.subscribe({ topics: [config.from], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachMessage: (payload) => this.transfer(payload) })
    return over.finally(() => Promise.allSettled([consumer.disconnect(), producer.disconnect()]))
  }

  private async transfer({ topic, partition, message }: EachMessagePayload) {
    const result = this.f(JSON.parse(String(message.value)) as BookEvent)
    const transaction = await this.producer.transaction()
    const sending = transaction.send({
      topic: this.config.to,
      messages: [{ key: result.orderId, value: JSON.stringify(result), partition: undefined }],
    })
    await sending
      .then(() =>
        transaction.sendOffsets({
          consumerGroupId: this.config.consumer.groupId,
          topics: [{ topic, partitions: [{ partition, offset: String(BigInt(message.offset) + 1n) }] }],
        }),
      )
      .then(() => transaction.commit())
      .catch(async (error) => {
        if (transaction.isActive()) await transaction.abort()
        throw error
      })
    this.report.transferred += 1
    if (this.report.transferred === this.config.max) void this.consumer.stop()
  }
}

export function transferExactlyOnce(
  kafka: Kafka,
  config: TransferConfig,
  f: (event: BookEvent) => BookEvent,
): Promise<RunReport> {
  return new Transfer(kafka, config, f).run()
}
