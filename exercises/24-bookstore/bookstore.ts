import type { Consumer, ConsumerConfig, Kafka, KafkaMessage, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export type Service = 'order' | 'inventory' | 'payment' | 'notification' | 'analytics'

/** The database of a service, the same as in exercise 17. What is set stays, whatever happens to the process. */
export interface Store {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  /**
   * Keeps all that is set while `work` runs when `work` has resolved, and nothing of it when `work` rejects or the process
   * dies. One transaction at a time, over all processes: the others wait.
   */
  transaction<T>(work: () => Promise<T>): Promise<T>
}

/** Who moves the money. It belongs to somebody else, and lies at the other end of a network. */
export interface Gateway {
  /**
   * Charges the reader of an order, or says that the card was declined. A key that it has seen before gets the same answer
   * again, and nothing more is charged. Rejects when no answer came: the card may have been charged, or not.
   */
  charge(key: string, order: { orderId: string; userId: string }): Promise<'charged' | 'declined'>
}

export interface Mailer {
  /** Sends a mail about an event. Rejects when the mail server is too busy just now. */
  send(mail: { userId: string; orderId: string; about: string }): Promise<void>
}

/** What is there when the bookstore opens. */
export interface Deps {
  /** They exist. `orders` is where everybody reads and writes. */
  topics: { orders: string; deadLetters: string }
  /** The settings for the consumer of a service, its group among them: for `kafka.consumer()`, as they are. */
  consumer(service: Service): ConsumerConfig
  /** Each service has a database of its own. All copies of a service share it. */
  stores: Record<Service, Store>
  gateway: Gateway
  mailer: Mailer
}

export interface Bookstore {
  /** Publishes an event. Resolves when the broker has stored it. */
  publish(event: BookEvent): Promise<void>
  /** Starts one service. Resolves when it has joined its group. */
  start(service: Service): Promise<void>
  /** Lets the event at work end, and leaves the group. The service may be started again. */
  stop(service: Service): Promise<void>
  /** Stops what is running, and disconnects. */
  close(): Promise<void>
}

/** What a service does with an event that it has read: its work, and then the events that tell what came of it. */
type Work = (event: BookEvent) => Promise<BookEvent[]>

/** Opens the bookstore. No service runs yet. Ready to use, and yours to change. */
export async function startBookstore(kafka: Kafka, deps: Deps): Promise<Bookstore> {
  const producer = kafka.producer()
  await producer.connect()
  const running = new Map<Service, Consumer>()

  const stop = async (service: Service) => {
    await running.get(service)?.disconnect()
    running.delete(service)
  }
  return {
    publish: (event) => publish(producer, deps, event),
    start: async (service) => {
      const work = SERVICES[service](deps)
      const consumer = kafka.consumer(deps.consumer(service))
      // Noted before it connects: close() finds it, however far it gets.
      running.set(service, consumer)
      await run(consumer, producer, deps, service, work)
    },
    stop,
    close: async () => {
      await Promise.all([...running.keys()].map(stop))
      await producer.disconnect()
    },
  }
}

/** The next event of the same order. Its id says what happened to which order: told twice, it is the same event. */
export function nextEvent(event: BookEvent, type: string): BookEvent {
  const { orderId } = event
  return { ...event, eventId: `EVT-${orderId}-${type}`, type, occurredAt: new Date().toISOString() }
}

/** What an event makes of its order. */
export const STATUS: Record<string, string> = {
  OrderPlaced: 'PLACED',
  OrderConfirmed: 'CONFIRMED',
  OrderRejected: 'REJECTED',
  PaymentReceived: 'PAID',
  PaymentDeclined: 'CANCELLED',
  OrderShipped: 'SHIPPED',
  OrderDelivered: 'DELIVERED',
}

// Stage 1: order and inventory

export async function publish(producer: Producer, { topics }: Deps, event: BookEvent): Promise<void> {
  throw new Error('TODO stage 1, publish: one record for the event')
}

/** Connects the consumer of a service, and lets it hand every event to the work of that service. */
export async function run(
  consumer: Consumer,
  producer: Producer,
  deps: Deps,
  service: Service,
  work: Work,
): Promise<void> {
  throw new Error('TODO stage 1, run: connect, read, do the work once, publish what came of it')
}

/** Each service of the bookstore: what it is given, and the work that it does with it. */
const SERVICES: Record<Service, (deps: Deps) => Work> = {
  order(deps) {
    throw new Error('TODO stage 1, order: keep the status of every order')
  },
  inventory(deps) {
    throw new Error('TODO stage 1, inventory: take the copies of an order off the shelf, or reject it')
  },
  payment(deps) {
    throw new Error('TODO stage 2, payment: charge once, and say what came of it')
  },
  notification(deps) {
    throw new Error('TODO stage 3, notification: send a mail when an order is paid, cancelled or rejected')
  },
  analytics(deps) {
    throw new Error('TODO stage 5, analytics: count the copies that were sold')
  },
}

// Stage 3: records that nobody can read

export async function toDeadLetters(
  producer: Producer,
  { topics }: Deps,
  message: KafkaMessage,
): Promise<void> {
  throw new Error('TODO stage 3, toDeadLetters: put the record aside, as it came')
}
