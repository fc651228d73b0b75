// Another way: setOffsets refuses a group at work by itself, and what it has set is looked at in both cases. Promise chains.
import type { Admin } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export type Target =
  | { kind: 'earliest' }
  | { kind: 'latest' }
  | { kind: 'timestamp'; timestamp: number }
  | { kind: 'shift'; by: number }

export interface ResetRow {
  partition: number
  committed: string | null
  to: string
}

export interface ResetPlan {
  group: string
  topic: string
  rows: ResetRow[]
}

export interface Shop {
  reserved(orderId: string): Promise<number | null>
  reserve(orderId: string, copies: number): Promise<void>
  mail(orderId: string): Promise<void>
}

type Commits = Record<number, string>

const commitsOf = (admin: Admin, group: string, topic: string): Promise<Commits> =>
  admin.fetchOffsets({ groupId: group, topics: [topic] }).then((found) =>
    Object.fromEntries(
      found
        .flatMap(({ partitions }) => partitions)
        .filter(({ offset }) => BigInt(offset) >= 0n)
        .map(({ partition, offset }) => [partition, offset]),
    ),
  )

const unlessActive = (admin: Admin, group: string): Promise<void> =>
  admin.listGroups().then(({ groups }) =>
    groups.some(({ groupId }) => groupId === group)
      ? admin.describeGroups([group]).then(({ groups: [one] }) => {
          if (one?.state !== 'Empty') throw new Error(`${group}: ${one?.state}`)
        })
      : undefined,
  )

export function planReset(admin: Admin, group: string, topic: string, to: Target): Promise<ResetPlan> {
  const rowsFrom = ([commits, logs]: [Commits, Awaited<ReturnType<Admin['fetchTopicOffsets']>>]) =>
    Promise.all(
      logs.map(async ({ partition, low, high }): Promise<ResetRow> => {
        const committed = commits[partition] ?? null
        return { partition, committed, to: await next(partition, low, high, committed) }
      }),
    )

  async function next(partition: number, low: string, high: string, committed: string | null) {
    if (to.kind === 'earliest') return low
    if (to.kind === 'latest') return high
    if (to.kind === 'timestamp') {
      const all = await admin.fetchTopicOffsetsByTimestamp(topic, to.timestamp)
      return all.find((one) => one.partition === partition)?.offset ?? high
    }
    if (!committed) return Promise.reject(new Error(`no commit in ${topic} ${partition}`))
    const shifted = BigInt(committed) + BigInt(to.by)
    if (shifted < BigInt(low)) return low
    return shifted > BigInt(high) ? high : shifted.toString()
  }

  return unlessActive(admin, group)
    .then(() => Promise.all([commitsOf(admin, group, topic), admin.fetchTopicOffsets(topic)]))
    .then(rowsFrom)
    .then((rows) => ({ group, topic, rows }))
}

export function applyReset(admin: Admin, { group, topic, rows }: ResetPlan): Promise<void> {
  const differs = (column: 'committed' | 'to') => async () => {
    const commits = await commitsOf(admin, group, topic)
    return rows.filter((row) => (commits[row.partition] ?? null) !== row[column])
  }
  const none = (complaint: string) => (differing: ResetRow[]) => {
    if (differing.length > 0) throw new Error(`${complaint}: ${JSON.stringify(differing)}`)
  }
  return differs('committed')()
    .then(none('moved since the plan was made'))
    .then(() =>
      admin.setOffsets({
        groupId: group,
        topic,
        partitions: rows.map(({ partition, to }) => ({ partition, offset: to })),
      }),
    )
    .then(differs('to'))
    .then(none('not set'))
}

export async function handleOrder(event: BookEvent, shop: Shop): Promise<void> {
  const { orderId, data } = event
  switch (await shop.reserved(orderId)) {
    case data.qty:
      return
    case null:
      await shop.mail(orderId)
  }
  await shop.reserve(orderId, data.qty)
}
