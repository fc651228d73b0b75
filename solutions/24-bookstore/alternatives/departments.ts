// Another way: a class for each service. None of them remembers events; each remembers what it has decided for an order.

import type { Consumer, ConsumerConfig, EachMessagePayload, Kafka, Producer } from 'kafkajs'
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

/** A consumer and a producer of its own, and a way to handle what comes. */
abstract class Department {
  protected readonly deps: Deps
  readonly #consumer: Consumer
  readonly #producer: Producer

  constructor(kafka: Kafka, deps: Deps, service: Service) {
    this.deps = deps
    this.#consumer = kafka.consumer(deps.consumer(service))
    this.#producer = kafka.producer()
  }

  async open(): Promise<void> {
    await Promise.all([this.#consumer.connect(), this.#producer.connect()])
    await this.#consumer.subscribe({ topics: [this.deps.topics.orders], fromBeginning: true })
    const joined = new Promise((resolve) => {
      this.#consumer.on(this.#consumer.events.GROUP_JOIN, resolve)
    })
    await this.#consumer.run({ autoCommitThreshold: 1, eachMessage: (payload) => this.#receive(payload) })
    await joined
  }

  async shut(): Promise<void> {
    await this.#consumer.disconnect()
    await this.#producer.disconnect()
  }

  protected abstract hear(event: BookEvent): Promise<void>

  protected tell(event: BookEvent, type: string): Promise<void> {
    const eventId = `EVT-${event.orderId}-${type}`
    return publish(this.#producer, this.deps, {
      ...event,
      type,
      eventId,
      occurredAt: new Date().toISOString(),
    })
  }

  async #receive({ message }: EachMessagePayload): Promise<void> {
    let event: BookEvent
    try {
      event = JSON.parse(message.value?.toString() ?? 'nothing')
    } catch (error) {
      const { key, value, headers } = message
      const letter = { key, value, headers: { ...headers, problem: String(error) } }
      await this.#producer.send({ topic: this.deps.topics.deadLetters, messages: [letter] })
      return
    }
    await this.hear(event)
  }
}

/** An order moves forward only, from left to right: an event that comes late or again changes nothing. */
const ROAD = ['PLACED', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'PAID', 'SHIPPED', 'DELIVERED']
const TYPES = [
  'OrderPlaced',
  'OrderConfirmed',
  'OrderRejected',
  'PaymentDeclined',
  'PaymentReceived',
  'OrderShipped',
  'OrderDelivered',
]

class OrderDesk extends Department {
  protected override hear({ type, orderId }: BookEvent): Promise<void> {
    const { order } = this.deps.stores
    const place = TYPES.indexOf(type)
    return order.transaction(async () => {
      const known = ROAD.indexOf((await order.get(`status:${orderId}`)) ?? '')
      if (place > known) await order.set(`status:${orderId}`, ROAD[place] as string)
    })
  }
}

class Warehouse extends Department {
  protected override async hear(event: BookEvent): Promise<void> {
    if (event.type === 'OrderPlaced') await this.tell(event, await this.#decide(event))
    if (event.type === 'PaymentDeclined') await this.#putBack(event)
  }

  /** Decides about an order once, and says the same from then on. */
  #decide({ orderId, data: { isbn, qty } }: BookEvent): Promise<string> {
    const { inventory } = this.deps.stores
    return inventory.transaction(async () => {
      const decided = await inventory.get(`decision:${orderId}`)
      if (decided) return decided
      const left = Number(await inventory.get(`stock:${isbn}`)) - qty
      const decision = left < 0 ? 'OrderRejected' : 'OrderConfirmed'
      if (left >= 0) await inventory.set(`stock:${isbn}`, String(left))
      await inventory.set(`decision:${orderId}`, decision)
      return decision
    })
  }

  #putBack({ orderId, data: { isbn, qty } }: BookEvent): Promise<void> {
    const { inventory } = this.deps.stores
    return inventory.transaction(async () => {
      if (await inventory.get(`back:${orderId}`)) return
      await inventory.set(`stock:${isbn}`, String(Number(await inventory.get(`stock:${isbn}`)) + qty))
      await inventory.set(`back:${orderId}`, 'yes')
    })
  }
}

/** It remembers nothing itself: the gateway does, by the key, and gives the same answer each time. */
class Till extends Department {
  protected override async hear(event: BookEvent): Promise<void> {
    if (event.type !== 'OrderConfirmed') return
    const { orderId, userId } = event
    const answer = await this.deps.gateway.charge(`till/${orderId}`, { orderId, userId })
    await this.tell(event, answer === 'charged' ? 'PaymentReceived' : 'PaymentDeclined')
  }
}

class Post extends Department {
  protected override async hear({ type, orderId, userId }: BookEvent): Promise<void> {
    if (!/^(PaymentReceived|PaymentDeclined|OrderRejected)$/.test(type)) return
    const { notification } = this.deps.stores
    await notification.transaction(async () => {
      if (await notification.get(`mailed:${orderId}`)) return
      await this.deps.mailer.send({ userId, orderId, about: type })
      await notification.set(`mailed:${orderId}`, type)
    })
  }
}

class Analysts extends Department {
  protected override hear({ type, orderId, data: { isbn, qty } }: BookEvent): Promise<void> {
    const { analytics } = this.deps.stores
    return analytics.transaction(async () => {
      if (type !== 'PaymentReceived' || (await analytics.get(`counted:${orderId}`))) return
      const sold = BigInt((await analytics.get(`sold:${isbn}`)) ?? 0)
      await analytics.set(`sold:${isbn}`, String(sold + BigInt(qty)))
      await analytics.set(`counted:${orderId}`, String(qty))
    })
  }
}

const DEPARTMENTS = {
  order: OrderDesk,
  inventory: Warehouse,
  payment: Till,
  notification: Post,
  analytics: Analysts,
}

class Building implements Bookstore {
  readonly #kafka: Kafka
  readonly #deps: Deps
  readonly #frontDoor: Producer
  readonly #open = new Map<Service, Department>()

  constructor(kafka: Kafka, deps: Deps) {
    this.#kafka = kafka
    this.#deps = deps
    this.#frontDoor = kafka.producer()
  }

  connect(): Promise<void> {
    return this.#frontDoor.connect()
  }

  publish(event: BookEvent): Promise<void> {
    return publish(this.#frontDoor, this.#deps, event)
  }

  async start(service: Service): Promise<void> {
    const department = new DEPARTMENTS[service](this.#kafka, this.#deps, service)
    this.#open.set(service, department)
    await department.open()
  }

  async stop(service: Service): Promise<void> {
    await this.#open.get(service)?.shut()
    this.#open.delete(service)
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((service) => this.stop(service)))
    await this.#frontDoor.disconnect()
  }
}

export async function startBookstore(kafka: Kafka, deps: Deps): Promise<Bookstore> {
  const building = new Building(kafka, deps)
  await building.connect()
  return building
}

async function publish(producer: Producer, { topics }: Deps, event: BookEvent): Promise<void> {
  const value = Buffer.from(JSON.stringify(event))
  await producer.sendBatch({
    topicMessages: [{ topic: topics.orders, messages: [{ key: Buffer.from(event.orderId), value }] }],
  })
}
