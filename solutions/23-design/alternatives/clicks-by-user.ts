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

// Everything of a user in one partition; suggestions are pushed to the web servers, and nobody is asked for them.

export const design: ArchitectureDoc = {
  useCase: 'clicks',
  calls: ['consent-check'],
  topics: [
    {
      name: 'activity',
      events: [
        { fact: 'page-viewed', type: 'PageViewed', sent: 'send-only' },
        { fact: 'book-searched', type: 'BookSearched', sent: 'write-then-send' },
      ],
      key: 'userId',
      whyKey: 'Profiles are kept by user, so one copy of the service holds one user in its memory.',
      order: 'per-key',
      partitions: 64,
      replicationFactor: 3,
      minInsyncReplicas: 2,
      acks: 0,
      cleanup: 'delete',
      keepDays: 7,
    },
    {
      name: 'for-users',
      events: [
        { fact: 'suggestions-made', type: 'SuggestionsMade', sent: 'send-only' },
        { fact: 'consent-changed', type: 'ConsentGiven', sent: 'outbox' },
        { fact: 'consent-changed', type: 'ConsentWithdrawn', sent: 'outbox' },
      ],
      key: 'userId',
      whyKey: 'Both are about one user, and in both the newer one counts.',
      order: 'none',
      partitions: 6,
      replicationFactor: 3,
      minInsyncReplicas: 2,
      acks: 'all',
      // Not compacted: the suggestions of a user would push out the consent.
      cleanup: 'delete',
      keepDays: 'forever',
    },
  ],
  subscriptions: [
    {
      service: 'web',
      topics: ['for-users'],
      group: 'web',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'same-again',
      failing: 'skip',
    },
    {
      service: 'recommendations',
      topics: ['activity', 'for-users'],
      group: 'recommendations',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'by-id',
      failing: 'dead-letter',
    },
    {
      service: 'dashboard',
      topics: ['activity'],
      group: 'dashboard',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'done-twice',
      failing: 'dead-letter',
    },
    {
      service: 'privacy',
      topics: ['for-users'],
      group: 'privacy',
      copies: 'share',
      effect: 'at-least-once',
      repeats: 'same-again',
      failing: 'dead-letter',
    },
  ],
  alternatives: [
    {
      instead: 'The key sessionId',
      inFavour: 'No robot can crowd a partition.',
      against: 'A user with a phone and a tablet has two halves of a profile, in two places.',
    },
    {
      instead: 'A topic of its own for consents, compacted',
      inFavour: 'Much smaller, and quicker to read from the beginning.',
      against: 'One more topic for twenty records per second; disks are cheap here.',
    },
  ],
}
