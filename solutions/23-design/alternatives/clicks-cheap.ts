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

// Most of it may be lost, so most of it is cheap. The one thing that the law asks for has a small and safe topic of its own.

const session: TopicDesign = {
  name: 'web-activity',
  events: [
    { fact: 'page-viewed', type: 'PageView', sent: 'send-only' },
    { fact: 'book-searched', type: 'BookSearch', sent: 'send-only' },
  ],
  key: 'sessionId',
  whyKey: 'What was searched and what was looked at next belong together.',
  order: 'per-key',
  partitions: 40,
  replicationFactor: 2,
  minInsyncReplicas: 1,
  acks: 1,
  cleanup: 'delete',
  keepDays: 2,
}

const consents: TopicDesign = {
  name: 'consents',
  events: [{ fact: 'consent-changed', type: 'ConsentChanged', sent: 'change-capture' }],
  key: 'userId',
  whyKey: 'The last word of a user is what counts, so the last record of a user is kept.',
  order: 'per-key',
  partitions: 1,
  replicationFactor: 4,
  minInsyncReplicas: 2,
  acks: 'all',
  cleanup: 'compact',
  keepDays: 0,
}

const cheap = { copies: 'share', effect: 'at-most-once', repeats: 'done-twice', failing: 'skip' } as const

export const design: ArchitectureDoc = {
  useCase: 'clicks',
  calls: ['consent-check', 'suggest'],
  topics: [session, consents],
  subscriptions: [
    { service: 'recommendations', topics: ['web-activity'], group: 'recommendations', ...cheap },
    { service: 'dashboard', topics: ['web-activity'], group: 'dashboard', ...cheap },
    {
      service: 'privacy',
      topics: ['consents'],
      group: 'privacy',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'same-again',
      failing: 'stop',
    },
  ],
  alternatives: [
    {
      instead: 'Log files, collected every night',
      inFavour: 'Costs next to nothing, and loses nothing either.',
      against: 'A suggestion that comes tomorrow comes too late.',
    },
    {
      instead: 'Google Pub/Sub',
      inFavour: 'Nobody has to plan partitions or run brokers.',
      against: 'At this rate the bill decides, and our clicks may not leave the house.',
    },
  ],
}
