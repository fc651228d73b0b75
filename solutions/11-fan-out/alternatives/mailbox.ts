// Another right way: all consumers put their news into one mailbox, and one loop reads it.

import type { Consumer, Kafka } from 'kafkajs'

export interface Need {
  service: string
  copies: number
  readers: 'share' | 'each'
  commits: 'before-work' | 'after-work'
}

export type Promised = 'at-most-once' | 'at-least-once' | 'exactly-once'

export interface PlannedGroup {
  groupId: string
  members: string[]
  promised: Promised
}

export type GroupPlan = PlannedGroup[]

export interface Delivery {
  partition: number
  offset: string
}

export type DeliveryMatrix = Record<string, Record<string, Delivery[]>>

/** Which copies (numbers from 1) sit together, and what their group is called. */
const SEATING: Record<
  Need['readers'],
  (service: string, copies: number[]) => Array<readonly [id: string, copies: number[]]>
> = {
  share: (service, copies) => [[`queue:${service}`, copies]],
  each: (service, copies) => copies.map((copy) => [`broadcast:${service}:${copy}`, [copy]] as const),
}

export function planGroups(needs: Need[]): GroupPlan {
  const plan: GroupPlan = []
  for (const { service, copies, readers, commits } of needs) {
    const numbers = [...Array(copies).keys()].map((n) => n + 1)
    for (const [groupId, seated] of SEATING[readers](service, numbers)) {
      plan.push({
        groupId,
        members: seated.map((n) => `${service}-${n}`),
        promised: commits === 'after-work' ? 'at-least-once' : 'at-most-once',
      })
    }
  }
  return plan
}

type News =
  | { what: 'handed'; groupId: string; member: string; delivery: Delivery }
  | { what: 'crashed'; member: string; error: Error }

/** All consumers put their news in here, and one reader takes them out, in the order in which they came. */
class Mailbox {
  readonly #letters: News[] = []
  #wake: () => void = () => undefined

  put(news: News): void {
    this.#letters.push(news)
    this.#wake()
  }

  /** What is here now, without waiting. */
  empty(): News[] {
    return this.#letters.splice(0)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<News, void, undefined> {
    for (;;) {
      const news = this.#letters.shift()
      if (news !== undefined) yield news
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }
}

/** Joins, and comes back when it is a member. Whatever happens to it is told to the mailbox. */
async function start(
  consumer: Consumer,
  topic: string,
  groupId: string,
  member: string,
  mailbox: Mailbox,
): Promise<void> {
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    // A crash that kafkajs does not mend by itself: nobody would ever be done.
    if (!payload.restart) mailbox.put({ what: 'crashed', member, error: payload.error })
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    // Commit after every record: when the partitions are dealt out anew, as little as possible is handed out twice.
    autoCommitThreshold: 1,
    eachMessage: async ({ partition, message: { offset } }) => {
      mailbox.put({ what: 'handed', groupId, member, delivery: { partition, offset } })
    },
  })
}

export async function fanOut(
  kafka: Kafka,
  topic: string,
  plan: GroupPlan,
  expect: number,
): Promise<DeliveryMatrix> {
  const matrix: DeliveryMatrix = {}
  for (const { groupId, members } of plan) {
    const rows: Record<string, Delivery[]> = {}
    for (const member of members) rows[member] = []
    matrix[groupId] = rows
  }

  /** What each group that is not done yet has been handed; a record that came twice stands here once. */
  const open = new Map(plan.map(({ groupId }): [string, Set<string>] => [groupId, new Set()]))
  const book = (news: News): void => {
    if (news.what === 'crashed') throw new Error(`${news.member} has crashed`, { cause: news.error })
    const { groupId, member, delivery } = news
    matrix[groupId]?.[member]?.push(delivery)
    const seen = open.get(groupId)?.add(`${delivery.partition}/${delivery.offset}`)
    if (seen !== undefined && seen.size >= expect) open.delete(groupId)
  }

  const mailbox = new Mailbox()
  const seats = plan.flatMap(({ groupId, members }) =>
    members.map((member) => ({ groupId, member, consumer: kafka.consumer({ groupId }) })),
  )
  try {
    const starts = await Promise.allSettled(
      seats.map(({ consumer, groupId, member }) => start(consumer, topic, groupId, member, mailbox)),
    )
    for (const result of starts) if (result.status === 'rejected') throw result.reason

    if (open.size > 0) {
      for await (const news of mailbox) {
        book(news)
        if (open.size === 0) break
      }
    }
  } finally {
    await Promise.allSettled(
      seats.map(async ({ consumer }) => {
        await consumer.stop() // finishes the record in work, commits, and leaves the group
        await consumer.disconnect()
      }),
    )
  }
  // What was handed out while the consumers were being stopped was handed out, too.
  for (const news of mailbox.empty()) if (news.what === 'handed') book(news)
  return matrix
}
