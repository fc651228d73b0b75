// Another right design, for the catalogue: partitions computed from the rates, each fact in a history and in a compacted topic.

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

// catalogue, computed: the numbers of the use case stand in a table, and what can be computed from them is computed.

const HEADROOM = 1.5
const RATE = { 'book-changed': 300, 'book-withdrawn': 5, 'feed-refused': 10 } as const
type Fact = keyof typeof RATE

/** The fewest partitions with which one copy keeps up with any of them, also with the one of the busiest key. */
function partitionsFor(facts: readonly Fact[], oneCopy: number, busiest: number, atLeast = 1): number {
  const rate = facts.reduce((sum, fact) => sum + RATE[fact] * HEADROOM, 0)
  const fullest = busiest * rate + ((1 - busiest) * rate) / atLeast
  return fullest <= oneCopy ? atLeast : partitionsFor(facts, oneCopy, busiest, atLeast + 1)
}

const BOOK: readonly Fact[] = ['book-changed', 'book-withdrawn']
const SAFE = { replicationFactor: 4, minInsyncReplicas: 2, acks: 'all' } as const

function* topics(): Generator<TopicDesign> {
  yield {
    ...SAFE,
    name: 'book-history',
    events: [
      { fact: 'book-changed', type: 'BookPriceChanged', sent: 'outbox' },
      { fact: 'book-changed', type: 'BookTextChanged', sent: 'outbox' },
      { fact: 'book-withdrawn', type: 'BookWithdrawn', sent: 'outbox' },
    ],
    key: 'isbn',
    whyKey: 'The changes of a book and its withdrawal are one story, and no book is busy.',
    order: 'per-key',
    partitions: partitionsFor(BOOK, 40, 0.01), // feed is the slowest: 13
    cleanup: 'delete',
    keepDays: 10, // audit goes back the furthest
  }
  yield {
    ...SAFE,
    name: 'book-state',
    events: BOOK.map((fact) => ({ fact, type: 'BookState', sent: 'change-capture' as const })),
    key: 'isbn',
    whyKey: 'The last record of an isbn is all there is to know about the book, also that it is gone.',
    order: 'per-key',
    partitions: partitionsFor(BOOK, 200, 0.01), // index: 3; a book page reads them all, 458/s
    cleanup: 'compact',
    keepDays: 0,
  }
  yield {
    ...SAFE,
    name: 'refusals',
    events: [{ fact: 'feed-refused', type: 'FeedRefused', sent: 'send-only' }],
    key: null,
    whyKey: 'One refusal has nothing to do with the next, so they may lie anywhere.',
    order: 'none',
    partitions: partitionsFor(['feed-refused'], 50, 0),
    cleanup: 'delete',
    keepDays: 'forever',
  }
}

type Habits = Pick<Subscription, 'effect' | 'repeats' | 'failing'>

const READERS: Record<string, readonly [topics: string[], copies: Subscription['copies'], habits: Habits]> = {
  storefront: [
    ['book-state'],
    'each',
    { effect: 'at-least-once', repeats: 'same-again', failing: 'dead-letter' },
  ],
  search: [['book-state'], 'share', { effect: 'exactly-once', repeats: 'same-again', failing: 'stop' }],
  'partner-feed': [
    ['book-history'],
    'share',
    { effect: 'exactly-once', repeats: 'other-side', failing: 'dead-letter' },
  ],
  audit: [['book-history'], 'share', { effect: 'exactly-once', repeats: 'by-id', failing: 'stop' }],
  desk: [['refusals'], 'share', { effect: 'at-least-once', repeats: 'done-twice', failing: 'dead-letter' }],
}

const CONSIDERED = [
  'one topic with the history that is never deleted | one place for all readers, and any new reader can begin at the start | a new copy of the storefront reads years before it can show one page',
  'publisherId as the key | everything about the books of a publisher stays in order | one publisher has 35 percent of all records, and partner shops take 40 per second',
  'a call from the storefront for each book page | no copy of all books in each of 12 memories | no page is shown while the catalogue is down',
]

export const design: ArchitectureDoc = {
  useCase: 'catalogue',

  get calls(): string[] {
    return ['till-price']
  },

  get topics(): TopicDesign[] {
    return [...topics()]
  },

  get subscriptions(): Subscription[] {
    return Object.entries(READERS).map(([service, [from, copies, habits]]) => ({
      service,
      topics: from,
      group: `catalogue-${service}`,
      copies,
      ...habits,
    }))
  },

  get alternatives(): Alternative[] {
    return CONSIDERED.map((line) => {
      const [instead = '', inFavour = '', against = ''] = line.split(' | ')
      return { instead, inFavour, against }
    })
  },
}
