// The wrong idea: a year is as good as for ever.

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

const precious = { replicationFactor: 3, minInsyncReplicas: 2, acks: 'all' } as const

const bookEvents: PublishedEvent[] = [
  { fact: 'book-changed', type: 'BookChanged', sent: 'change-capture' },
  { fact: 'book-withdrawn', type: 'BookWithdrawn', sent: 'change-capture' },
]

export const design: ArchitectureDoc = {
  useCase: 'catalogue',
  calls: ['till-price'],
  topics: [
    {
      name: 'book-changes',
      events: bookEvents,
      key: 'isbn',
      whyKey: 'What happened to a book is told in order; a publisher alone would be too much.',
      order: 'per-key',
      partitions: 12,
      ...precious,
      cleanup: 'delete',
      keepDays: 14,
    },
    {
      name: 'books',
      events: bookEvents,
      key: 'isbn',
      whyKey: 'One record for each book is left in the end, and that is the book.',
      order: 'per-key',
      partitions: 4,
      ...precious,
      cleanup: 'delete',
      keepDays: 365,
    },
    {
      name: 'refusals',
      events: [{ fact: 'feed-refused', type: 'PartnerRefusal', sent: 'outbox' }],
      key: null,
      whyKey: 'Nobody needs an order here, and without a key the load is even.',
      order: 'none',
      partitions: 2,
      ...precious,
      cleanup: 'delete',
      keepDays: 7,
    },
  ],
  subscriptions: [
    {
      service: 'storefront',
      topics: ['books'],
      group: 'storefront',
      copies: 'each',
      effect: 'at-least-once',
      repeats: 'same-again',
      failing: 'stop',
    },
    {
      service: 'search',
      topics: ['books'],
      group: 'search',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'same-again',
      failing: 'dead-letter',
    },
    {
      service: 'partner-feed',
      topics: ['book-changes'],
      group: 'partner-feed',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'other-side',
      failing: 'dead-letter',
    },
    {
      service: 'audit',
      topics: ['book-changes'],
      group: 'audit',
      copies: 'share',
      effect: 'exactly-once',
      repeats: 'by-id',
      failing: 'stop',
    },
    {
      service: 'desk',
      topics: ['refusals'],
      group: 'desk',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'done-twice',
      failing: 'dead-letter',
    },
  ],
  alternatives: [
    {
      instead: 'One topic that compacts after ten days',
      inFavour: 'Nothing is written twice, and the two can never differ.',
      against: 'A storefront that starts reads ten days of changes before it is ready.',
    },
    {
      instead: 'A cache such as Redis, filled by the catalogue',
      inFavour: 'The storefronts start at once, with an empty memory.',
      against: 'Every page asks over the network, and the ledger needs the changes all the same.',
    },
  ],
}
