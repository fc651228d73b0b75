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

/** Your design. Put a list in the place of each `get`, one after the other: `calls: ['...'],` */
export const design: ArchitectureDoc = {
  useCase: 'orders', // or 'clicks', or 'catalogue'

  get calls(): string[] {
    throw new Error('TODO calls: who has to wait for an answer?')
  },

  get topics(): TopicDesign[] {
    throw new Error('TODO topics: which facts go where, with which key, and how safe must they be?')
  },

  get subscriptions(): Subscription[] {
    throw new Error('TODO subscriptions: who reads what, and what if a record comes twice, or is broken?')
  },

  get alternatives(): Alternative[] {
    throw new Error('TODO alternatives: what else did you consider, and what speaks for it?')
  },
}
