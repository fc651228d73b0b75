// Another way: a table of rules over an outbox of one row per event, in batches, as promise chains.

import type { Consumer, ConsumerConfig, EachBatchPayload, Kafka, KafkaMessage, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export type Service = 'order' | 'inventory' | 'payment' | 'notification' | 'analytics'

export interface Store {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  transaction<T>(work: () => Promise<T>): Promise<T>
}

export interface Gateway {
  charge(key: string, order: { orderId: string; userId: string }): Promise<'charged' | 'declined'>
}

export interface Mailer {
  send(mail: { userId: string; orderId: string; about: string }): Promise<void>
}

export interface Deps {
  topics: { orders: string; deadLetters: string }
  consumer(service: Service): ConsumerConfig
  stores: Record<Service, Store>
  gateway: Gateway
  mailer: Mailer
}

export interface Bookstore {
  publish(event: BookEvent): Promise<void>
  start(service: Service): Promise<void>
  stop(service: Service): Promise<void>
  close(): Promise<void>
}

// "Done is not told", second way: an outbox. One row for each event: not there, it has to be done; with an event in it, that
// has to be told; empty, all is over. The rest is a table of rules and one chain of promises, fed by eachBatch.

/** What is left to do after an event: it ends when the outbox is empty. */
type Work = (event: BookEvent, tell: (next: BookEvent) => Promise<void>) => Promise<void>

/** Opens the bookstore. No service runs yet. */
export function startBookstore(kafka: Kafka, deps: Deps): Promise<Bookstore> {
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  const lanes = new Map<Service, Promise<Consumer | null>>() // what is asked of one service happens one after the other

  const inLane = (
    service: Service,
    step: (consumer: Consumer | null) => Promise<Consumer | null>,
  ): Promise<void> => {
    const before = lanes.get(service) ?? Promise.resolve(null)
    const after = before.catch(() => null).then(step)
    lanes.set(service, after)
    return after.then(() => undefined)
  }
  const stop = (service: Service): Promise<void> =>
    inLane(service, (consumer) =>
      consumer === null ? Promise.resolve(null) : consumer.disconnect().then(() => null),
    )

  const shop: Bookstore = {
    publish: (event) => publish(producer, deps, event),
    start: (service) =>
      inLane(service, (consumer) =>
        consumer === null
          ? run(kafka, producer, deps, service, settle(deps, service))
          : Promise.resolve(consumer),
      ),
    stop,
    close: () =>
      Promise.all([...lanes.keys()].map(stop))
        .finally(() => producer.disconnect())
        .then(() => undefined),
  }
  return producer.connect().then(() => shop)
}

/** The next event of the same order. Its id says what happened to which order: told twice, it is the same event. */
export function nextEvent(event: BookEvent, type: string): BookEvent {
  const { orderId } = event
  return { ...event, eventId: `EVT-${orderId}-${type}`, type, occurredAt: new Date().toISOString() }
}

/** What an event makes of its order. They stand in the order in which they can happen. */
export const STATUS: Record<string, string> = {
  OrderPlaced: 'PLACED',
  OrderConfirmed: 'CONFIRMED',
  OrderRejected: 'REJECTED',
  PaymentReceived: 'PAID',
  PaymentDeclined: 'CANCELLED',
  OrderShipped: 'SHIPPED',
  OrderDelivered: 'DELIVERED',
}

/** How far an order has come: PLACED is 0. */
const RANK: ReadonlyMap<string | null, number> = new Map<string | null, number>(
  Object.values(STATUS).map((status, rank): [string, number] => [status, rank]),
)

export function publish(producer: Producer, { topics }: Deps, event: BookEvent): Promise<void> {
  return producer
    .send({ topic: topics.orders, messages: [{ key: event.orderId, value: JSON.stringify(event) }] })
    .then(() => undefined)
}

/** Starts a consumer that hands every event to the work of its service, and commits after each record. */
export function run(
  kafka: Kafka,
  producer: Producer,
  deps: Deps,
  service: Service,
  work: Work,
): Promise<Consumer> {
  const consumer = kafka.consumer(deps.consumer(service))
  const tell = (next: BookEvent) => publish(producer, deps, next)

  const handle = (message: KafkaMessage, partition: number): Promise<void> => {
    const event = parse(message)
    return event === undefined
      ? once(deps.stores[service], `unreadable/${partition}/${message.offset}`, () =>
          toDeadLetters(producer, deps, message),
        )
      : work(event, tell)
  }

  const eachBatch = (payload: EachBatchPayload): Promise<void> => {
    const { batch, isRunning, isStale, resolveOffset, heartbeat } = payload
    const from = (index: number): Promise<void> => {
      const message = batch.messages[index]
      if (message === undefined || !isRunning() || isStale()) return Promise.resolve()
      return handle(message, batch.partition)
        .catch((cause: unknown) => {
          throw new Error(`${service} failed at ${batch.partition}/${message.offset}: ${String(cause)}`)
        })
        .then(() => resolveOffset(message.offset))
        .then(() => payload.commitOffsetsIfNecessary(payload.uncommittedOffsets()))
        .then(() => heartbeat())
        .then(() => from(index + 1))
    }
    return from(0)
  }

  return consumer
    .connect()
    .then(() => consumer.subscribe({ topic: deps.topics.orders, fromBeginning: true }))
    .then(() => consumer.run({ eachBatchAutoResolve: false, eachBatch })) // has joined when it resolves
    .then(
      () => consumer,
      (error: unknown) =>
        consumer.disconnect().then(() => {
          throw error
        }),
    )
}

/** The event in a record; undefined where there is none, and never will be. */
function parse({ value }: KafkaMessage): BookEvent | undefined {
  try {
    const { eventId, type, orderId, ...rest } = JSON.parse(String(value)) as Partial<BookEvent>
    return eventId && type && orderId ? ({ eventId, type, orderId, ...rest } as BookEvent) : undefined
  } catch {
    return undefined
  }
}

/** Does something that has no place in the database, and keeps a mark of it afterwards. */
function once(store: Store, row: string, deed: () => Promise<void>): Promise<void> {
  return store
    .get(row)
    .then((mark) =>
      mark === null ? deed().then(() => store.transaction(() => store.set(row, 'done'))) : undefined,
    )
}

/** The work of a service: done in one transaction, told from the outbox, and taken out of it. */
function settle(deps: Deps, service: Service): Work {
  const store = deps.stores[service]
  const rules = RULES[service]

  return (event, tell) => {
    const rule = rules[event.type]
    if (rule === undefined) return Promise.resolve()
    const outbox = `outbox/${event.eventId}`

    const conclude = (answer: string): Promise<string> =>
      store.transaction(async () => {
        const found = await store.get(outbox)
        if (found !== null) return found // another copy was faster
        const names = rule.rows(event)
        const rows: (string | null)[] = []
        for (const name of names) rows.push(await store.get(name))
        const { keep, next } = rule.decide(event, rows, answer)
        await rule.during?.(deps, event)
        for (const [at, name] of names.entries()) {
          const value = keep[at]
          if (value !== undefined) await store.set(name, value)
        }
        const left = next === undefined ? '' : JSON.stringify(nextEvent(event, next))
        await store.set(outbox, left)
        return left
      })

    return store
      .get(outbox)
      .then((found) => found ?? (rule.before?.(deps, event) ?? Promise.resolve('')).then(conclude))
      .then((left) =>
        left === ''
          ? undefined
          : tell(JSON.parse(left) as BookEvent).then(() => store.transaction(() => store.set(outbox, ''))),
      )
  }
}

interface Verdict {
  /** The new values of the rows; undefined: as it was. */
  keep: (string | undefined)[]
  /** The type of the event that tells what came of it. */
  next?: string
}

interface Rule {
  /** Somebody else is asked before the database is locked. */
  before?(deps: Deps, event: BookEvent): Promise<string>
  /** The rows that are read, and perhaps written. */
  rows(event: BookEvent): string[]
  decide(event: BookEvent, rows: (string | null)[], answer: string): Verdict
  /** Happens while the database is locked, and takes everything back if it fails. */
  during?(deps: Deps, event: BookEvent): Promise<void>
}

const advance: Rule = {
  rows: ({ orderId }) => [`status:${orderId}`],
  decide({ type }, [now = null]) {
    const status = STATUS[type]
    const further = status !== undefined && (RANK.get(status) ?? -1) > (RANK.get(now) ?? -1)
    return { keep: further ? [status] : [] }
  },
}

const mail: Rule = {
  rows: () => [],
  decide: () => ({ keep: [] }),
  during: ({ mailer }, { userId, orderId, type }) => mailer.send({ userId, orderId, about: type }),
}

const shelfAndHold = ({ orderId, data }: BookEvent) => [`stock:${data.isbn}`, `held:${orderId}`]

const RULES: Record<Service, Partial<Record<string, Rule>>> = {
  order: Object.fromEntries(Object.keys(STATUS).map((type) => [type, advance])),
  inventory: {
    OrderPlaced: {
      rows: shelfAndHold,
      decide({ data: { qty } }, [stock]) {
        const left = Number(stock ?? 0) - qty
        return left < 0
          ? { keep: [], next: 'OrderRejected' }
          : { keep: [String(left), String(qty)], next: 'OrderConfirmed' }
      },
    },
    PaymentDeclined: {
      rows: shelfAndHold,
      decide: (_event, [stock, held]) => ({
        keep: held ? [String(Number(stock ?? 0) + Number(held)), '0'] : [],
      }),
    },
  },
  payment: {
    OrderConfirmed: {
      before: ({ gateway }, { eventId, orderId, userId }) => gateway.charge(eventId, { orderId, userId }),
      rows: () => [],
      decide: (_event, _rows, answer) => ({
        keep: [],
        next: answer === 'charged' ? 'PaymentReceived' : 'PaymentDeclined',
      }),
    },
  },
  notification: { OrderRejected: mail, PaymentReceived: mail, PaymentDeclined: mail },
  analytics: {
    PaymentReceived: {
      rows: ({ data }) => [`sold:${data.isbn}`],
      decide: ({ data }, [sold]) => ({ keep: [String(Number(sold ?? 0) + data.qty)] }),
    },
  },
}

// Records that nobody can read

export function toDeadLetters(
  producer: Producer,
  { topics }: Deps,
  { key, value, headers }: KafkaMessage,
): Promise<void> {
  const more = { ...headers, 'why-here': 'not an event' }
  return producer
    .sendBatch({ topicMessages: [{ topic: topics.deadLetters, messages: [{ key, value, headers: more }] }] })
    .then(() => undefined)
}
