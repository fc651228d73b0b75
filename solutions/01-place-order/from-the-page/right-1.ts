// Written from the page alone. First verdict: passed.
import type { Kafka, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

/** What a reader wants to buy. */
export interface BookOrder {
  orderId: string
  userId: string
  isbn: string
  qty: number
}

/** What the reader is told. `accepted` says that the bookstore will see to the order, not that it is paid or on its way. */
export interface OrderReceipt {
  orderId: string
  accepted: boolean
}

/** The other services of the bookstore, as calls over the network. Each of them may be slow, and rejects when it is down. */
export interface DirectCalls {
  inventory: {
    /** Are so many copies on the shelf right now? */
    inStock(isbn: string, qty: number): Promise<boolean>
    reserve(order: BookOrder): Promise<void>
    release(order: BookOrder): Promise<void>
  }
  payment: {
    charge(order: BookOrder): Promise<void>
    refund(order: BookOrder): Promise<void>
  }
  notification: {
    sendMail(order: BookOrder): Promise<void>
  }
}

/** What placeOrder has to work with. */
export interface OrderDeps {
  /** A client that knows where Kafka is. */
  kafka: Kafka
  /** The topic for the events of orders. It exists. */
  topic: string
  services: DirectCalls
}

/** The event that tells what happened. Ready to use: no need to change it. */
export function orderPlaced({ orderId, userId, isbn, qty }: BookOrder): BookEvent {
  return {
    eventId: `EVT-${orderId}-OrderPlaced`,
    type: 'OrderPlaced',
    orderId,
    userId,
    occurredAt: new Date().toISOString(),
    data: { isbn, qty },
  }
}

/**
 * Keeps one connected producer per Kafka client, as a busy service would. The client is the key: whoever comes with another
 * client gets another producer, and a client that nobody holds any more takes its producer with it.
 */
class Announcer {
  static readonly #known = new WeakMap<Kafka, Announcer>()

  static for(kafka: Kafka): Announcer {
    let announcer = Announcer.#known.get(kafka)
    if (!announcer) {
      announcer = new Announcer(kafka.producer({ allowAutoTopicCreation: false }))
      Announcer.#known.set(kafka, announcer)
    }
    return announcer
  }

  readonly #producer: Producer
  #connected: Promise<void> | undefined

  private constructor(producer: Producer) {
    this.#producer = producer
  }

  /** Connects once for all orders; after a failure the next order tries again. */
  #connect(): Promise<void> {
    return (this.#connected ??= this.#producer.connect().catch((error: unknown) => {
      this.#connected = undefined
      throw error
    }))
  }

  /** Resolves once a broker has said that the record is stored. */
  async announce(topic: string, event: BookEvent): Promise<void> {
    await this.#connect()
    const answers = await this.#producer.sendBatch({
      acks: -1,
      topicMessages: [
        {
          topic,
          messages: [
            { key: Buffer.from(event.orderId, 'utf8'), value: Buffer.from(JSON.stringify(event), 'utf8') },
          ],
        },
      ],
    })
    if (!answers.some(({ topicName, errorCode }) => topicName === topic && errorCode === 0)) {
      throw new Error(`no broker said that ${event.eventId} is stored in ${topic}`)
    }
  }
}

/** Takes an order, or refuses it when there are too few copies. Rejects when it could do neither. */
export async function placeOrder(order: BookOrder, deps: OrderDeps): Promise<OrderReceipt> {
  const accepted = await deps.services.inventory.inStock(order.isbn, order.qty)
  if (accepted) {
    await Announcer.for(deps.kafka).announce(deps.topic, orderPlaced(order))
  }
  return { orderId: order.orderId, accepted }
}
