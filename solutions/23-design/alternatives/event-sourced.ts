/** When the fact is sent, and when its service writes its own database. */
export type Sent = 'send-only' | 'write-then-send' | 'send-then-write' | 'outbox' | 'change-capture'

export interface PublishedEvent {
  fact: string
  type: string
  sent: Sent
}

export interface TopicDesign {
  name: string
  events: PublishedEvent[]
  key: string | null
  whyKey: string
  order: 'none' | 'per-key' | 'whole-topic'
  partitions: number
  replicationFactor: number
  minInsyncReplicas: number
  acks: 0 | 1 | -1 | 'all'
  cleanup: 'delete' | 'compact'
  keepDays: number | 'forever'
}

export interface Subscription {
  service: string
  topics: string[]
  group: string
  copies: 'share' | 'each'
  effect: 'at-most-once' | 'at-least-once' | 'exactly-once'
  repeats: 'by-id' | 'other-side' | 'same-again' | 'done-twice'
  failing: 'dead-letter' | 'stop' | 'skip' | 'repeat'
}

export interface Alternative {
  instead: string
  inFavour: string
  against: string
}

export interface ArchitectureDoc {
  useCase: 'orders' | 'clicks' | 'catalogue'
  calls: string[]
  topics: TopicDesign[]
  subscriptions: Subscription[]
  alternatives: Alternative[]
}

// Everything that happens to an order, its payment too, is one log that is never deleted. The services fill their databases
// from it, so there is one write and no outbox.

const everything = 'order-log'

/** A service that reads the log with its own group. */
const reader = (
  service: string,
  rest: Pick<Subscription, 'effect' | 'repeats' | 'failing'>,
): Subscription => ({
  service,
  topics: [everything],
  group: `${service}-of-${everything}`,
  copies: 'share',
  ...rest,
})

export const design: ArchitectureDoc = {
  useCase: 'orders',
  calls: ['stock-check'],
  topics: [
    {
      name: everything,
      events: [
        { fact: 'order-placed', type: 'order.placed', sent: 'send-only' },
        { fact: 'order-cancelled', type: 'order.cancelled', sent: 'send-only' },
        { fact: 'payment-settled', type: 'order.payment-success', sent: 'send-only' },
        { fact: 'payment-settled', type: 'order.payment-failure', sent: 'send-only' },
      ],
      key: 'orderId',
      whyKey: 'The state of an order is the sum of its events, in order.',
      order: 'per-key',
      partitions: 48,
      replicationFactor: 5,
      minInsyncReplicas: 3,
      acks: -1,
      cleanup: 'delete',
      keepDays: 'forever',
    },
  ],
  subscriptions: [
    // The shop keeps the status of orders itself and asks nobody for it.
    reader('shop', { effect: 'exactly-once', repeats: 'same-again', failing: 'stop' }),
    reader('inventory', { effect: 'exactly-once', repeats: 'by-id', failing: 'stop' }),
    reader('payment', { effect: 'exactly-once', repeats: 'other-side', failing: 'stop' }),
    reader('notification', { effect: 'at-least-once', repeats: 'done-twice', failing: 'dead-letter' }),
    reader('analytics', { effect: 'exactly-once', repeats: 'by-id', failing: 'stop' }),
  ],
  alternatives: [
    {
      instead: 'A table of events in the database of the shop, which everybody polls',
      inFavour: 'One system less, and transactions for everything.',
      against: 'All services hang on one database, and on its load.',
    },
    {
      instead: 'An outbox in each service',
      inFavour: 'The database can be asked right after the write, without waiting for its own events.',
      against: 'Two truths, and a second program for each service.',
    },
  ],
}
