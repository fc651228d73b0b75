// The wrong idea: the bookstore is one application, so it is one group.

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

export const design: ArchitectureDoc = {
  useCase: 'orders',

  calls: ['stock-check', 'order-status'],

  topics: [
    {
      name: 'book-orders',
      events: [
        { fact: 'order-placed', type: 'OrderPlaced', sent: 'outbox' },
        { fact: 'order-cancelled', type: 'OrderCancelled', sent: 'outbox' },
      ],
      key: 'orderId',
      whyKey: 'An order is the unit of order. By user, one library would fill a partition alone.',
      order: 'per-key',
      partitions: 16,
      replicationFactor: 3,
      minInsyncReplicas: 2,
      acks: 'all',
      cleanup: 'delete',
      keepDays: 35,
    },
    {
      name: 'payment-results',
      events: [
        { fact: 'payment-settled', type: 'PaymentTaken', sent: 'outbox' },
        { fact: 'payment-settled', type: 'PaymentDeclined', sent: 'outbox' },
      ],
      key: 'orderId',
      whyKey: 'A declined card can be followed by a good one, and the mails have to say so in this order.',
      order: 'per-key',
      partitions: 8,
      replicationFactor: 3,
      minInsyncReplicas: 2,
      acks: 'all',
      cleanup: 'delete',
      keepDays: 35,
    },
  ],

  subscriptions: [
    {
      service: 'inventory',
      topics: ['book-orders'],
      group: 'bookstore-group',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'by-id',
      failing: 'dead-letter',
    },
    {
      service: 'payment',
      topics: ['book-orders'],
      group: 'bookstore-group',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'other-side',
      failing: 'dead-letter',
    },
    {
      service: 'notification',
      topics: ['payment-results'],
      group: 'bookstore-group',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'done-twice',
      failing: 'dead-letter',
    },
    {
      service: 'analytics',
      topics: ['book-orders', 'payment-results'],
      group: 'bookstore-group',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'by-id',
      failing: 'stop',
    },
  ],

  alternatives: [
    {
      instead: 'RabbitMQ, with a quorum queue for each service',
      inFavour: 'One acknowledgement for each message, and retries with a delay come with it.',
      against: 'Analytics counts 30 days again and again; from a queue, what was read is gone.',
    },
    {
      instead: 'The order service calls everybody, with retries',
      inFavour: 'Nothing new to run, and a stack trace shows the whole way of an order.',
      against: 'It is as slow as the slowest of them, and a mail that fails takes the order with it.',
    },
  ],
}
