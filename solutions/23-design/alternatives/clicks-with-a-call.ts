// Another right design, for the clicks: suggestions are asked for, tracks are keyed by user. A builder writes the document.

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

// clicks, as a builder that collects the lists while it is told the story.

type Rest<T, K extends keyof T> = Partial<T> & Pick<T, K>

class Draft implements ArchitectureDoc {
  useCase: ArchitectureDoc['useCase']
  calls: string[] = []
  topics: TopicDesign[] = []
  subscriptions: Subscription[] = []
  alternatives: Alternative[] = []

  constructor(useCase: ArchitectureDoc['useCase']) {
    this.useCase = useCase
  }

  ask(...ids: string[]): this {
    this.calls.push(...ids)
    return this
  }

  /** A topic for what may be lost, unless more is said. */
  topic(given: Rest<TopicDesign, 'name' | 'events' | 'key' | 'whyKey' | 'partitions' | 'keepDays'>): this {
    this.topics.push({
      order: 'per-key',
      replicationFactor: 2,
      minInsyncReplicas: 1,
      acks: 1,
      cleanup: 'delete',
      ...given,
    })
    return this
  }

  reader(service: string, given: Omit<Subscription, 'service' | 'group' | 'copies'>): this {
    this.subscriptions.push({
      service,
      group: `${service}.${this.subscriptions.length + 1}`,
      copies: 'share',
      ...given,
    })
    return this
  }

  instead(instead: string, inFavour: string, against: string): this {
    this.alternatives.push({ instead, inFavour, against })
    return this
  }
}

export const design: ArchitectureDoc = new Draft('clicks')
  // By law right now; and the suggestions, which web asks for as well. So nobody has to read suggestions-made.
  .ask('consent-check', 'suggest')

  .topic({
    name: 'tracks',
    events: [
      { fact: 'page-viewed', type: 'PageViewed', sent: 'send-only' },
      { fact: 'book-searched', type: 'BookSearched', sent: 'send-only' },
    ],
    key: 'userId',
    whyKey:
      'A session has one user, so its views and searches keep their order, and its profile stays with one copy.',
    // 52,500/s. The robot has 1,050/s of them, its partition 402/s more: 1,452/s, and one copy of profile takes 1,500/s.
    partitions: 128,
    keepDays: 2,
  })
  .topic({
    name: 'consents',
    events: [{ fact: 'consent-changed', type: 'ConsentChanged', sent: 'change-capture' }],
    key: 'userId',
    whyKey: 'The last record of a user is what the user wants now, which is all that compaction has to keep.',
    order: 'whole-topic', // there is one partition
    partitions: 1,
    replicationFactor: 5,
    minInsyncReplicas: 4,
    acks: -1,
    cleanup: 'compact',
    keepDays: 0,
  })
  .topic({
    name: 'banners',
    events: [{ fact: 'banner-shown', type: 'BannerShown', sent: 'send-only' }],
    key: null,
    whyKey: 'Nobody needs an order of banners, and without a key they spread evenly.',
    order: 'none',
    partitions: 3,
    replicationFactor: 1,
    acks: 0,
    keepDays: 1,
  })

  .reader('recommendations', {
    topics: ['tracks'],
    effect: 'at-least-once',
    repeats: 'done-twice',
    failing: 'skip',
  })
  .reader('dashboard', {
    topics: ['tracks', 'banners'],
    effect: 'at-most-once',
    repeats: 'by-id',
    failing: 'stop',
  })
  .reader('privacy', {
    topics: ['consents'],
    effect: 'exactly-once',
    repeats: 'same-again',
    failing: 'stop',
  })

  .instead(
    'sessionId as the key of tracks',
    'No robot is too much for a partition, so 48 of them would do for all readers.',
    'Two sessions of one user are handled by two copies, which both write the same profile.',
  )
  .instead(
    'a topic with suggestions, and a copy of them in web',
    'Web can show suggestions while recommendations is down, and asks nobody.',
    'It is a second database of suggestions to run, and the call may be a minute old anyway.',
  )
  .instead(
    'one topic for tracks and consents',
    'A reader sees the consent and the clicks of a user in one order.',
    'Clicks would be kept as safe as consents, and consents go when clicks go.',
  )
