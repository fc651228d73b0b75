// The three use cases of the page, as data. Nothing to edit here.

import type { ArchitectureDoc } from './design.ts'

export interface Fact {
  peakPerSecond: number
  mustNotBeLost: boolean
  /** The service that publishes it writes it into its own database as well. */
  stored: boolean
  /** Facts of one stream keep their order among themselves. */
  stream: string
}

/** What a service does with facts. */
export interface Need {
  service: string
  facts: string[]
  /** Somebody waits for it, but what is said may be some seconds old. */
  answersSoon?: true
  /** Records per second that one copy handles. */
  handledPerSecond: number
  /** Everything of so many days, or the latest record for each value of a field, however old. */
  goesBack: { days: number } | { latest: string }
  /** Every copy has to hear of everything. */
  eachCopy?: true
  /** Where the effect takes place; a `copy` of what the event says is the same when it is made twice. */
  effect: 'database' | 'provider' | 'mail' | 'copy'
  neverMissed: boolean
  neverTwice: boolean
}

export interface UseCase {
  facts: Record<string, Fact>
  /** The field whose events keep order, by stream; null: no order is needed. */
  streams: Record<string, string | null>
  /** `keeps`: the fields whose events stay together under this key. `busiest`: percent of all records with one value. */
  fields: Record<string, { keeps: string[]; busiest: number }>
  /** Questions whose answer has to be right at this moment, and the service that asks. */
  questions: Record<string, string>
  needs: Record<string, Need>
}

export const BROKERS = 5
export const WRITTEN_PER_PARTITION = 10_000
/** Percent of the peak that there must be room for. */
export const ROOM_PERCENT = 150

const important = (peakPerSecond: number, stream: string): Fact => {
  return { peakPerSecond, stream, mustNotBeLost: true, stored: true }
}
const cheap = (peakPerSecond: number, stream: string): Fact => {
  return { peakPerSecond, stream, mustNotBeLost: false, stored: false }
}
const need = (service: string, facts: string[], more: Omit<Need, 'service' | 'facts'>): Need => {
  return { service, facts, ...more }
}

const strict = { neverMissed: true, neverTwice: true }
const notMissed = { neverMissed: true, neverTwice: false }
const bearable = { neverMissed: false, neverTwice: false }
const eventId = { keeps: [], busiest: 0 }

const placing = ['order-placed', 'order-cancelled']

const orders: UseCase = {
  facts: {
    'order-placed': important(400, 'order'),
    'order-cancelled': important(40, 'order'),
    'payment-settled': important(400, 'payment'),
  },
  streams: { order: 'orderId', payment: 'orderId' },
  fields: {
    orderId: { keeps: ['orderId'], busiest: 0 },
    userId: { keeps: ['orderId', 'userId'], busiest: 20 },
    isbn: { keeps: ['orderId', 'isbn'], busiest: 30 },
    eventId,
  },
  questions: { 'stock-check': 'shop' },
  needs: {
    'order-status': need('shop', ['payment-settled'], {
      answersSoon: true,
      handledPerSecond: 700,
      goesBack: { days: 7 },
      effect: 'copy',
      ...notMissed,
    }),
    reserve: need('inventory', placing, {
      handledPerSecond: 150,
      goesBack: { days: 3 },
      effect: 'database',
      ...strict,
    }),
    charge: need('payment', placing, {
      handledPerSecond: 50,
      goesBack: { days: 3 },
      effect: 'provider',
      ...strict,
    }),
    mail: need('notification', ['payment-settled'], {
      handledPerSecond: 100,
      goesBack: { days: 2 },
      effect: 'mail',
      ...notMissed,
    }),
    report: need('analytics', [...placing, 'payment-settled'], {
      handledPerSecond: 1000,
      goesBack: { days: 30 },
      effect: 'database',
      ...strict,
    }),
  },
}

const clicks: UseCase = {
  facts: {
    'page-viewed': cheap(30_000, 'session'),
    'book-searched': cheap(5_000, 'session'),
    'suggestions-made': cheap(2_000, 'suggestions'),
    'consent-changed': important(20, 'consent'),
  },
  streams: { session: 'sessionId', suggestions: 'userId', consent: 'userId' },
  fields: {
    sessionId: { keeps: ['sessionId'], busiest: 0 },
    userId: { keeps: ['sessionId', 'userId'], busiest: 2 },
    isbn: { keeps: ['isbn'], busiest: 25 },
    eventId,
  },
  questions: { 'consent-check': 'web' },
  needs: {
    suggest: need('web', ['suggestions-made'], {
      answersSoon: true,
      handledPerSecond: 3000,
      goesBack: { days: 1 },
      effect: 'copy',
      ...bearable,
    }),
    profile: need('recommendations', ['page-viewed', 'book-searched'], {
      handledPerSecond: 1500,
      goesBack: { days: 2 },
      effect: 'database',
      ...bearable,
    }),
    trends: need('dashboard', ['page-viewed'], {
      handledPerSecond: 10_000,
      goesBack: { days: 1 },
      effect: 'database',
      ...bearable,
    }),
    forget: need('privacy', ['consent-changed'], {
      handledPerSecond: 100,
      goesBack: { latest: 'userId' },
      effect: 'copy',
      ...notMissed,
    }),
  },
}

const bookFacts = ['book-changed', 'book-withdrawn']

const catalogue: UseCase = {
  facts: {
    'book-changed': important(300, 'book'),
    'book-withdrawn': important(5, 'book'),
    'feed-refused': important(10, 'refusal'),
  },
  streams: { book: 'isbn', refusal: null },
  fields: {
    isbn: { keeps: ['isbn'], busiest: 1 },
    publisherId: { keeps: ['isbn', 'publisherId'], busiest: 35 },
    eventId,
  },
  questions: { 'till-price': 'storefront' },
  needs: {
    'book-page': need('storefront', bookFacts, {
      eachCopy: true,
      handledPerSecond: 2000,
      goesBack: { latest: 'isbn' },
      effect: 'copy',
      ...notMissed,
    }),
    index: need('search', bookFacts, {
      handledPerSecond: 200,
      goesBack: { latest: 'isbn' },
      effect: 'copy',
      ...notMissed,
    }),
    feed: need('partner-feed', bookFacts, {
      handledPerSecond: 40,
      goesBack: { days: 5 },
      effect: 'provider',
      ...strict,
    }),
    audit: need('audit', bookFacts, {
      handledPerSecond: 500,
      goesBack: { days: 10 },
      effect: 'database',
      ...strict,
    }),
    refusals: need('desk', ['feed-refused'], {
      handledPerSecond: 50,
      goesBack: { days: 3 },
      effect: 'mail',
      ...notMissed,
    }),
  },
}

export const useCases: Record<ArchitectureDoc['useCase'], UseCase> = { orders, clicks, catalogue }
