// From the page alone. First verdict: failed, dual-write: two writes in a row.
// WRONG: believes that two writes in a row are safe if the database comes first; a crash between them loses the event.
/** When the fact is sent, and when its service writes its own database. */
export type Sent = 'send-only' | 'write-then-send' | 'send-then-write' | 'outbox' | 'change-capture'

export interface PublishedEvent {
  /** What has happened: a fact of the use case, or one of your own. */
  fact: string
  /** The `type` that the event carries. */
  type: string
  sent: Sent
}

export interface TopicDesign {
  name: string
  events: PublishedEvent[]
  /** The field of the use case that becomes the key of the record; null: no key. */
  key: string | null
  whyKey: string
  /** What readers may rely on. */
  order: 'none' | 'per-key' | 'whole-topic'
  partitions: number
  replicationFactor: number
  minInsyncReplicas: number
  /** What its producers ask for. -1 is another name for all. */
  acks: 0 | 1 | -1 | 'all'
  /** What happens to a record once `keepDays` are over. */
  cleanup: 'delete' | 'compact'
  keepDays: number | 'forever'
}

export interface Subscription {
  service: string
  topics: string[]
  /** The group id. */
  group: string
  copies: 'share' | 'each'
  /** How often the effect of an event takes place, whatever crashes. */
  effect: 'at-most-once' | 'at-least-once' | 'exactly-once'
  /** What makes the second time harmless. */
  repeats: 'by-id' | 'other-side' | 'same-again' | 'done-twice'
  /** What becomes of a record that can never be handled. */
  failing: 'dead-letter' | 'stop' | 'skip' | 'repeat'
}

export interface Alternative {
  instead: string
  inFavour: string
  against: string
}

export interface ArchitectureDoc {
  useCase: 'orders' | 'clicks' | 'catalogue'
  /** The needs that are met by a call. Everybody else reads topics. */
  calls: string[]
  topics: TopicDesign[]
  subscriptions: Subscription[]
  alternatives: Alternative[]
}

export const design: ArchitectureDoc = {
  useCase: 'orders',

  calls: ['stock-check'],

  topics: [
    {
      name: 'orders',
      events: [
        // First the database, then the event: what was sent is surely in the database.
        { fact: 'order-placed', type: 'OrderPlaced', sent: 'write-then-send' },
        { fact: 'order-cancelled', type: 'OrderCancelled', sent: 'write-then-send' },
      ],
      key: 'orderId',
      whyKey: 'Placing and cancelling an order keep their order, and no order is busy.',
      order: 'per-key',
      partitions: 24,
      replicationFactor: 3,
      minInsyncReplicas: 2,
      acks: 'all',
      cleanup: 'delete',
      keepDays: 35,
    },
    {
      name: 'payments',
      events: [{ fact: 'payment-settled', type: 'PaymentSettled', sent: 'write-then-send' }],
      key: 'orderId',
      whyKey: 'The payments of an order keep their order, and no order is busy.',
      order: 'per-key',
      partitions: 12,
      replicationFactor: 3,
      minInsyncReplicas: 2,
      acks: 'all',
      cleanup: 'delete',
      keepDays: 35,
    },
  ],

  subscriptions: [
    {
      service: 'shop',
      topics: ['payments'],
      group: 'shop-order-status',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'same-again',
      failing: 'dead-letter',
    },
    {
      service: 'inventory',
      topics: ['orders'],
      group: 'inventory-reserve',
      copies: 'share',
      effect: 'exactly-once',
      repeats: 'by-id',
      failing: 'stop',
    },
    {
      service: 'payment',
      topics: ['orders'],
      group: 'payment-charge',
      copies: 'share',
      effect: 'exactly-once',
      repeats: 'other-side',
      failing: 'stop',
    },
    {
      service: 'notification',
      topics: ['payments'],
      group: 'notification-mail',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'done-twice',
      failing: 'dead-letter',
    },
    {
      service: 'analytics',
      topics: ['orders', 'payments'],
      group: 'analytics-report',
      copies: 'share',
      effect: 'exactly-once',
      repeats: 'by-id',
      failing: 'dead-letter',
    },
  ],

  alternatives: [
    {
      instead: 'the event first, then the database',
      inFavour: 'Readers hear of an order a little sooner than they do now.',
      against: 'An event could tell of an order that the database does not have.',
    },
    {
      instead: 'an outbox in the database of the shop',
      inFavour: 'The order and its event are written in one transaction.',
      against: 'A second program to run; to write before sending is safe enough.',
    },
  ],
}
