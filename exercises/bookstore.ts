/**
 * The bookstore that the whole book is about: readers order books, and services tell each other what happened.
 * Every event of one order carries the same `orderId`.
 */
export interface BookEvent {
  /** Unique per event: `EVT-1042-OrderPlaced`. */
  eventId: string
  /** What happened, in the past tense: `OrderPlaced`, `PaymentDeclined`, ... */
  type: string
  /** `ORD-1042` */
  orderId: string
  /** `USR-7` */
  userId: string
  /** ISO 8601, UTC: `2026-03-14T09:26:53.589Z`. */
  occurredAt: string
  data: { isbn: string; qty: number; [more: string]: unknown }
}

/** A book event to work with; whatever is not given gets a sensible value. */
export function order(orderId: string, given: Partial<BookEvent> = {}): BookEvent {
  const type = given.type ?? 'OrderPlaced'
  return {
    eventId: `EVT-${orderId}-${type}`,
    type,
    orderId,
    userId: 'USR-7',
    occurredAt: '2026-03-14T09:26:53.589Z',
    data: { isbn: '978-0-13-468599-1', qty: 1 },
    ...given,
  }
}
