import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, Consumer, Kafka } from 'kafkajs'
import { type BookEvent, order } from '#bookstore'
import type { Stage } from '#workbook/check'
import { connectTo, openDatabases, type Rows } from './bookstore.database.ts'
import {
  type Bookstore,
  type Deps,
  type Gateway,
  type Mailer,
  type Service,
  startBookstore,
} from './bookstore.ts'

/** Everything around the bookstore: databases, card payments, mails, and somebody who watches. */

const ISBN = order('any').data.isbn

/** The rows that the page tells of. */
const AGREED = /^(status|stock|sold):/

/** How long something may take that takes less than a second when it is right. */
const PATIENCE_MS = 6_000
const LOOK_EVERY_MS = 30

/** What is special today. */
export interface Circumstances {
  /** On the shelf in the morning. */
  copies?: number
  /** Readers whose cards are declined. */
  declined?: string[]
  /** Orders whose charge goes well, and whose first answer gets lost. */
  lostAnswers?: string[]
  /** How many mails the mail server is too busy for, before it takes the first. */
  tooBusyFor?: number
  /** A mail is out; the mail server says so when this has resolved. */
  mailed?: () => Promise<unknown>
  /** Milliseconds; 6,000 is the least that a broker takes as it comes. */
  sessionTimeout?: number
  /** Hears what happens outside of Kafka, for those who play. */
  tell?: (line: string) => void
}

type Stand = Pick<Stage, 'kafka' | 'topic' | 'group' | 'pauseAt'>
type Mail = Parameters<Mailer['send']>[0]

interface Seen {
  /** What the databases hold of the rows that everybody has agreed on; the others are nobody's business. */
  order: Rows
  inventory: Rows
  analytics: Rows
  /** The order of each charge and of each card that was declined, as they came. */
  charges: string[]
  refusals: string[]
  mails: Mail[]
}

/** A bookstore that is open, and all that can be seen of it. */
export interface Shop {
  publish: Bookstore['publish']
  start(...services: Service[]): Promise<void>
  stop(...services: Service[]): Promise<void>
  /** Where its databases are, for a service in another process. */
  port: number
  /** All that there is to see outside of Kafka. */
  seen(): Seen
  /** Empties the database of a service. */
  clear(service: Service): void
  /** Whether a transaction in the database of a service waits for another one. */
  isAwaited(service: Service): boolean
  /** True as soon as it is so. When that takes too long: false, or an error if kafkajs has stopped a service for good. */
  within(isSo: () => boolean | Promise<boolean>): Promise<boolean>
  /** Waits until these services have committed all records that there are: then nothing more will happen. */
  settled(...services: Service[]): Promise<boolean>
  /** Waits until the order service knows these orders by this status. */
  reached(status: string, ...placed: { orderId: string }[]): Promise<boolean>
  /** Whether a service's group has settled, with so many members. */
  isGroupOf(members: number, service: Service): Promise<boolean>
  /** Sets the groups of services that do not run back to the beginning of the topic. */
  setBack(...services: Service[]): Promise<void>
}

/** Opens a bookstore, lets `day` happen in it, and closes it. No service runs in the morning. */
export async function inShop<T>(stage: Stand, today: Circumstances, day: (shop: Shop) => Promise<T>) {
  const { kafka, topic, group } = stage
  const admin = kafka.admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: deadLettersOf(topic), numPartitions: 1 }] })
  const empty = { order: {}, inventory: {}, payment: {}, notification: {}, analytics: {} }
  const shelf = { [`stock:${ISBN}`]: String(today.copies ?? 10) }
  const databases = await openDatabases({ ...empty, inventory: shelf })
  const crash = watch(kafka)
  const outside = outsideOf(today)
  const { bookstore, hangUp } = await openBookstore(stage, today, databases.port, outside)

  const within: Shop['within'] = async (isSo) => {
    const until = performance.now() + PATIENCE_MS + 2 * (today.sessionTimeout ?? 0)
    while (performance.now() < until) {
      if (await isSo()) return true
      if (crash()?.message.startsWith('TODO')) break
      await sleep(LOOK_EVERY_MS)
    }
    const crashed = crash()
    if (crashed) throw crashed
    return false
  }
  const result = await day({
    publish: (event) => bookstore.publish(event),
    start: async (...services) => {
      await Promise.all(services.map((service) => bookstore.start(service)))
    },
    stop: async (...services) => {
      await Promise.all(services.map((service) => bookstore.stop(service)))
    },
    port: databases.port,
    seen: () => ({
      order: agreedRows(databases.rows('order')),
      inventory: agreedRows(databases.rows('inventory')),
      analytics: agreedRows(databases.rows('analytics')),
      charges: [...outside.charges],
      refusals: [...outside.refusals],
      mails: [...outside.mails],
    }),
    clear: databases.clear,
    isAwaited: databases.isAwaited,
    within,
    settled: (...services) =>
      within(() =>
        isWithoutLag(
          admin,
          topic,
          services.map((one) => groupOf(group, one)),
        ),
      ),
    reached: (status, ...placed) =>
      within(() => placed.every(({ orderId }) => databases.rows('order')[`status:${orderId}`] === status)),
    isGroupOf: async (members, service) => {
      const [found] = (await admin.describeGroups([groupOf(group, service)])).groups
      return found?.state === 'Stable' && found.members.length === members
    },
    setBack: async (...services) => {
      await Promise.all(services.map((service) => setBack(kafka, topic, groupOf(group, service))))
    },
  })
  await bookstore.close()
  hangUp()
  databases.close()
  await admin.disconnect()
  return result
}

/** The learner's bookstore in this process, with databases that lie at `port`. */
export async function openBookstore(
  { kafka, topic, group, pauseAt }: Stand,
  { sessionTimeout = 6_000, tell = () => {} }: Circumstances,
  port: number,
  { gateway, mailer }: Pick<Deps, 'gateway' | 'mailer'>,
) {
  const client = await connectTo(port, async (written) => {
    for (const [key, value] of Object.entries(written)) {
      if (AGREED.test(key)) tell(`${key.padEnd(26)} ${value}`)
    }
    if (`stock:${ISBN}` in written) await pauseAt('kept')
  })
  const bookstore = await startBookstore(kafka, {
    topics: { orders: topic, deadLetters: deadLettersOf(topic) },
    consumer: (service) => ({
      groupId: groupOf(group, service),
      sessionTimeout,
      heartbeatInterval: 200,
      rebalanceTimeout: 20_000,
      // How long the broker may hold an empty fetch. kafkajs neither hears of a rebalance nor leaves while it waits.
      maxWaitTimeInMs: 50,
      retry: { initialRetryTime: 50, retries: 5 },
    }),
    stores: client.stores,
    gateway,
    mailer,
  })
  return { bookstore, hangUp: client.close }
}

/** The card payments and the mail server, with all that they have done. */
export function outsideOf({
  declined = [],
  lostAnswers = [],
  tooBusyFor = 0,
  mailed = async () => {},
  tell = () => {},
}: Circumstances) {
  const charges: string[] = []
  const refusals: string[] = []
  const mails: Mail[] = []
  const answers = new Map<string, 'charged' | 'declined'>()
  const lost = new Set(lostAnswers)
  let refused = 0
  const gateway: Gateway = {
    async charge(key, { orderId, userId }) {
      const answer = answers.get(key) ?? (declined.includes(userId) ? 'declined' : 'charged')
      if (!answers.has(key)) {
        answers.set(key, answer)
        if (answer === 'charged') charges.push(orderId)
        else refusals.push(orderId)
        tell(`card ${answer.padEnd(21)} ${orderId}`)
      }
      if (lost.delete(orderId)) throw new Error('The gateway did not answer in time')
      return answer
    },
  }
  const mailer: Mailer = {
    async send({ userId, orderId, about }) {
      refused += 1
      if (refused <= tooBusyFor) throw new Error('The mail server is too busy')
      mails.push({ userId, orderId, about })
      tell(`mail to ${userId.padEnd(18)} ${orderId} ${about}`)
      await mailed()
    },
  }
  return { gateway, mailer, charges, refusals, mails }
}

export function bookOrder(orderId: string, qty: number, userId = 'USR-7'): BookEvent {
  return order(orderId, { userId, data: { isbn: ISBN, qty } })
}

/** Another event of the same order. */
export function next({ orderId, userId, data }: BookEvent, type: string): BookEvent {
  return order(orderId, { type, userId, data })
}

function agreedRows(rows: Rows): Rows {
  return Object.fromEntries(Object.entries(rows).filter(([key]) => AGREED.test(key)))
}

function groupOf(group: string, service: Service): string {
  return `${group}-${service}`
}

function deadLettersOf(topic: string): string {
  return `${topic}-dead-letters`
}

/** Nothing is left to read for any of the groups. The ends are read last: what is behind them, all have committed. */
async function isWithoutLag(admin: Admin, topic: string, groups: string[]): Promise<boolean> {
  const commits = await Promise.all(
    groups.map(
      async (groupId) => (await admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions ?? [],
    ),
  )
  const ends = await admin.fetchTopicOffsets(topic)
  return ends.every(({ partition, offset }) =>
    commits.every((of) => offset === '0' || of.find((one) => one.partition === partition)?.offset === offset),
  )
}

/** As `--reset-offsets --to-earliest` does it. The admin client of kafkajs can do it too, and takes five seconds for a group. */
async function setBack(kafka: Kafka, topic: string, groupId: string): Promise<void> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50 })
  const admin = kafka.admin()
  await Promise.all([consumer.connect(), admin.connect()])
  const ends = await admin.fetchTopicOffsets(topic)
  await consumer.subscribe({ topics: [topic] })
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} })
  await consumer.commitOffsets(ends.map(({ partition }) => ({ topic, partition, offset: '0' })))
  await Promise.all([consumer.disconnect(), admin.disconnect()])
}

/** Tells why kafkajs has stopped a consumer for good, if it has: it says so by an event, and in no other way. */
function watch(kafka: Kafka): () => Error | undefined {
  let crash: Error | undefined
  const make = kafka.consumer.bind(kafka)
  kafka.consumer = (config): Consumer => {
    const consumer = make(config)
    consumer.on(consumer.events.CRASH, ({ payload: { restart, error } }) => {
      if (error.message.startsWith('TODO')) crash = new Error(error.message)
      else if (!restart) crash ??= new Error(`kafkajs has stopped a service for good: ${error.message}`)
    })
    return consumer
  }
  return () => crash
}
