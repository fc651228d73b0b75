import { expect, vi } from 'vitest'
import { order } from '#bookstore'
import { mistake } from '#workbook/check'
import { arrivalAt, check, eventOf, type Fixtures, hasTwice, openShop, PATIENT } from './exactly-once.shop.ts'

check(
  'transferred',
  'Read, process, write: each event of one topic becomes an event of another, under a key of its own',
  async (fixtures) => {
    const { transfer, invoices, seen } = await openShop(fixtures, [3, 1, 1])
    const run = transfer({ ...PATIENT, max: 4, series: 'INV' })
    const returned = await run.paused('returned')
    const state = await fixtures.group.state()
    returned.go()
    const { transferred } = await run
    const { committed } = await seen()
    expect(committed.length, 'invoices that can be read, with max 4 and five orders').toBe(4)
    expect(committed, 'no order twice').toEqual([...new Set(committed)])
    expect(transferred, 'transferred, as the report has it').toBe(4)
    const stored = await invoices.records()
    mistake(
      'key-of-the-source',
      stored.some(({ key, value }) => key?.startsWith('ORD-') && value?.includes('"orderId":"INV-')),
      'An invoice lies under the key of the order that it was made from, and its own orderId is another one. Its partition follows from the wrong id: later events of the same invoice lie elsewhere, and come in any order.',
    )
    for (const { key, value } of stored) {
      expect(JSON.parse(String(value))).toEqual(order(String(key), { type: 'InvoiceIssued' }))
    }
    expect(state, 'of the group').toBe('Empty')
  },
)

check(
  'next-offset',
  'An offset in a transaction means what every committed offset means: the next record to read',
  { after: 'transferred' },
  async (fixtures) => {
    const { transfer } = await openShop(fixtures, [1, 1, 1])
    await transfer({ ...PATIENT, max: 3 })
    // Kafka answers a commit first, and makes it valid a moment later.
    const valid = async () =>
      Object.values(await fixtures.group.committed()).every((offset) => offset !== null)
    await vi.waitUntil(valid, { timeout: 5_000, interval: 20 }).catch(() => {})
    const committed = await fixtures.group.committed()
    mistake(
      'last-offset',
      committed[0] === '0',
      'The record at offset 0 was transferred, and the transaction committed offset 0: the next run begins with the same record.',
    )
    expect(committed).toEqual({ 0: '1', 1: '1', 2: '1' })
  },
)

check(
  'crash-after-send',
  'A transaction that nobody has ended is aborted when the next owner of its id begins: it never happened',
  { after: 'next-offset' },
  async (fixtures) => {
    const { orders, crashAt } = await openShop(fixtures, [3])
    const { committed, uncommitted } = await crashAt('sent')
    const twice = hasTwice(committed)
    const transactions = fixtures.wire.requests('EndTxn').length
    mistake(
      'idempotence-only',
      twice && transactions === 0,
      'The process died when an invoice was sent and its offset was not committed. The next one made it again: a producer that numbers its records is recognised as long as it lives, and this one is another producer.',
    )
    mistake(
      'outside-transaction',
      twice && transactions > 0,
      'There was a transaction, and it was aborted, but the invoice was not in it: whatever a producer sends by itself stays, and the next process sent it again.',
    )
    mistake(
      'random-id',
      committed.length < 3 && uncommitted.length > 3,
      'The invoices are in the log, and readers of committed records do not get them: they wait at the transaction that the dead process has left open. Nobody who has its id came and ended it.',
    )
    expect(uncommitted.length, 'records, with those that were aborted').toBeGreaterThan(3)
    expect(committed).toEqual(orders)
  },
)

check(
  'crash-before-commit',
  'Before its commit a transaction has not happened: neither the results nor the offsets',
  { after: 'crash-after-send' },
  async (fixtures) => {
    const { orders, crashAt } = await openShop(fixtures, [3])
    const { committed } = await crashAt('committing')
    mistake(
      'offset-first',
      committed.length < 3,
      'The process died before the commit of its transaction, so its invoice never happened. Its offset was committed already, by itself: nobody makes this invoice again.',
    )
    expect(committed).toEqual(orders)
  },
)

check(
  'crash-after-commit',
  'With its commit all of a transaction has happened: the results and the offsets',
  { after: 'crash-after-send' },
  async (fixtures) => {
    const { orders, crashAt } = await openShop(fixtures, [3])
    const { committed } = await crashAt('answered')
    mistake(
      'separate-commit',
      hasTwice(committed),
      'The process died right after its transaction was committed. The offset was not in there, and was to be committed next: the next process made the invoice a second time.',
    )
    expect(committed).toEqual(orders)
  },
)

check(
  'failed-event',
  'An abort takes back what was written. It does not take the consumer back to the event',
  { after: 'next-offset' },
  async (fixtures) => {
    const { transfer, finish, done, seen, orders } = await openShop(fixtures, [3])
    const { threw, returned } = await transfer({ max: 2, failing: 'ORD-00' }).outcome()
    mistake(
      'abort-goes-on',
      returned !== undefined,
      'The first order failed, and the run went on with the next ones. Each offset that it committed covers all records before it, so the group has left the failed order behind: no invoice for it, ever.',
    )
    mistake(
      'auto-commit',
      (await done()) > 0,
      'The order failed, and its offset was committed all the same, in no transaction: kafkajs does that by itself when a handler has returned.',
    )
    expect(threw?.message).toContain('no price for ORD-00')
    await finish()
    expect((await seen()).committed).toEqual(orders)
  },
)

check(
  'lost-offsets',
  'Readers of committed records wait at every open transaction, so one that has failed must be aborted',
  { after: ['crash-after-send', 'failed-event'] },
  async (fixtures) => {
    const { transfer, finish, invoices, seen, orders } = await openShop(fixtures, [2])
    const later = ['LATER-0', 'LATER-1', 'LATER-2']
    fixtures.wire.fault({ api: 'TxnOffsetCommit', drop: true })
    await transfer({ max: 2 }).outcome()
    await invoices.append(later.map((id, partition) => ({ partition, value: eventOf(id) })))
    const { committed } = await seen()
    mistake(
      'no-abort',
      later.some((id) => !committed.includes(id)),
      'The connection broke while the offsets were sent. The run is over, and its transaction still open. Somebody else has written behind it, and readers of committed records do not get that: they wait until the transaction times out.',
    )
    await finish()
    expect((await seen()).committed).toEqual([...later, ...orders])
  },
)

check(
  'lost-answer',
  'A commit whose answer got lost may have happened: only the offsets of the group can tell',
  { after: ['crash-after-commit', 'failed-event'] },
  async (fixtures) => {
    const { transfer, finish, done, seen, orders } = await openShop(fixtures, [2])
    fixtures.wire.fault({ api: 'EndTxn', cutAnswer: true })
    const { returned } = await transfer({ max: 2 }).outcome()
    // Kafka answers a commit first, and makes it valid a moment later.
    const least = returned?.transferred ?? 1
    await vi.waitUntil(async () => (await done()) >= least, { timeout: 10_000, interval: 20 })
    await finish()
    const { committed } = await seen()
    mistake(
      'retries-in-doubt',
      hasTwice(committed),
      'The transaction was committed, its answer got lost on the way, and the same event was transferred once more. An error tells that no answer came; what the broker has done is another question.',
    )
    expect(committed).toEqual(orders)
  },
)

check(
  'taken-over',
  'A transactional id has one owner: who takes it over shuts out the one before, and only then learns where to begin',
  { after: ['crash-before-commit', 'lost-answer'] },
  async (fixtures) => {
    const { transfer, seen, orders } = await openShop(fixtures, [2])
    const old = transfer({ max: 1 })
    // It stands still here; its group gives it up, and another process takes its place.
    const committing = await arrivalAt('committing', old)
    const next = transfer({ max: 1 })
    const received = await next.paused('received')
    const answered = old.paused('answered')
    committing.go()
    ;(await answered).go()
    received.go()
    const { returned } = await old.outcome()
    const { threw } = await next.outcome()
    const { refusal, takenBack } = afterRefusal(fixtures.wire)
    const { committed } = await seen()
    mistake(
      'fights-back',
      takenBack !== undefined,
      'The old process was shut out, and took its id back: that shuts out the new one, which has done nothing wrong, in the middle of its work. They can go on like that for ever.',
      takenBack,
    )
    mistake(
      'fences-too-late',
      hasTwice(committed),
      'The new process had learned from which offset to go on, and then the old one, which was not dead, committed its transaction. Nobody had shut it out by then, so both have made the same invoice.',
    )
    mistake(
      'fenced-unnoticed',
      returned !== undefined && refusal !== undefined,
      'The old process was shut out, and its commit refused. It told its caller that the event was transferred.',
      refusal,
    )
    expect(threw?.message, 'the error of the new process').toBe(undefined)
    expect(committed).toEqual(orders.slice(0, committed.length))
  },
)

check(
  'aborted-orders',
  'What was aborted in the topic that you read has not happened for you either',
  { after: 'next-offset' },
  async (fixtures) => {
    const { transfer, seen } = await openShop(fixtures, [])
    await fixtures.play.placeTwo()
    await transfer({ ...PATIENT, max: 1 })
    const { committed } = await seen()
    mistake(
      'reads-uncommitted',
      committed.includes('ORD-001'),
      'The shop has taken ORD-001 back, and there is an invoice for it. In the log it is still there, and who reads without regard to transactions gets it.',
    )
    expect(committed).toEqual(['ORD-002'])
  },
)

/** The commit that was refused because somebody else had the id by then, and the request that took the id back, if any. */
function afterRefusal(wire: Fixtures['wire']) {
  const refusal = wire.requests('EndTxn').find(isFenced)
  const takenBack = wire.requests('InitProducerId').find(({ lane, number, request }) => {
    const { transactionalId } = request as { transactionalId: string | null }
    return transactionalId !== null && refusal?.lane === lane && refusal.number < number
  })
  return { refusal, takenBack }
}

/** The answer is INVALID_PRODUCER_EPOCH. */
function isFenced({ response }: { response: unknown }) {
  return (response as { errorCode: number } | null)?.errorCode === 47
}
