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

// One topic for everything about books: compaction waits until no reader goes back that far, and then keeps the state.

class Topic implements TopicDesign {
  name: string
  events: PublishedEvent[]
  key: string | null = 'isbn'
  whyKey = 'A book is what changes, what is withdrawn, and what is kept in the end.'
  order: TopicDesign['order'] = 'per-key'
  partitions = 24
  replicationFactor = 4
  minInsyncReplicas = 3
  acks: TopicDesign['acks'] = 'all'
  cleanup: TopicDesign['cleanup'] = 'compact'
  keepDays: TopicDesign['keepDays'] = 10

  constructor(name: string, events: PublishedEvent[]) {
    this.name = name
    this.events = events
  }
}

const books = new Topic('books', [
  { fact: 'book-changed', type: 'BookState', sent: 'outbox' },
  { fact: 'book-withdrawn', type: 'BookState', sent: 'outbox' },
])
const refusals = new Topic('refusals', [{ fact: 'feed-refused', type: 'feed_refused', sent: 'outbox' }])

const services: Record<string, Partial<Subscription>> = {
  storefront: { copies: 'each' },
  search: { repeats: 'by-id' },
  'partner-feed': { repeats: 'other-side' },
  audit: { repeats: 'by-id', failing: 'stop' },
  desk: { topics: ['refusals'], repeats: 'done-twice' },
}

const subscriptions = Object.entries(services).map(([service, special]): Subscription => {
  return {
    service,
    topics: ['books'],
    group: `${service}.v1`,
    copies: 'share',
    effect: 'at-least-once',
    repeats: 'same-again',
    failing: 'dead-letter',
    ...special,
  }
})

export const design: ArchitectureDoc = {
  useCase: 'catalogue',
  calls: ['till-price'],
  topics: [books, refusals],
  subscriptions,
  alternatives: [
    {
      instead: 'Two topics, a history and a state',
      inFavour: 'Each reader gets just what it wants, and starts faster.',
      against: 'Two writes for each change, and two things to keep in step.',
    },
    {
      instead: 'Pulsar',
      inFavour: 'Compaction is a view beside the full log there, so both readers are served.',
      against: 'Nobody here has run it, and the Kafka cluster is there already.',
    },
  ],
}
