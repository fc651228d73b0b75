import { expect } from 'vitest'
import { type BookEvent, order } from '#bookstore'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './bookstore.scenes.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url, { deadlineMs: 30_000, partitions: 4 })

check(
  'inventory-away',
  'Stage 1, order and inventory: who places an order does not wait for those who will read of it, or work for them',
  { about: 'run' },
  async ({ play, topic, group, groupNamed, wire, random }) => {
    const placed = bookOrder(random.orderId(), { qty: 2 })
    const tooMany = bookOrder(random.orderId(), { qty: 9 })
    // Whoever does not wait for the broker is done before its answer can have come.
    wire.fault({ api: 'Produce', delayMs: 300 })
    const playing = play.inventoryAway({ placed, tooMany })
    const away = await playing.paused('placed')
    const told = (await topic.records()).length
    const kept = playing.paused('kept')
    away.go()
    mistake(
      'not-awaited',
      told === 0,
      'publish() said that the event is stored, and it was still on its way to the broker: when it gets lost there, the order was placed and nobody knows.',
    )
    mistake(
      'direct-calls',
      told > 1 || (away.detail as { inventory: Rows }).inventory[STOCK] !== '10',
      'Inventory does not run, and its work was done all the same: who publishes the order has done it, with a hand in the database of another service.',
    )
    const atWork = await kept.catch(() => null)
    const inventoryGroup = groupNamed(`${group.name}-inventory`)
    const committed = Object.values(await inventoryGroup.committed())
    atWork?.go()
    const { confirmed, order, inventory } = await playing
    mistake(
      'starts-at-the-end',
      !confirmed && order[statusOf(tooMany)] !== undefined,
      'Inventory came a minute after the order, and never heard of it: a group without a commit begins at the end, unless it says otherwise.',
    )
    mistake(
      'commit-before-work',
      committed.some((offset) => offset !== null),
      'The copies had just been taken off the shelf, nobody had been told, and the event was committed already: a crash at this moment loses the rest of its work.',
      wire.commits().find((commit) => commit.group === inventoryGroup.name)?.exchange,
    )
    expect(order).toMatchObject({ ...statuses('CONFIRMED', [placed]), ...statuses('REJECTED', [tooMany]) })
    expect(inventory, 'of 10 copies').toMatchObject({ [STOCK]: '8' })
  },
)

check(
  'lifecycle',
  'Stage 1, order and inventory: the events of one order keep their order, because they share a key',
  { after: 'inventory-away', about: 'publish' },
  async ({ play, topic, wire, random }) => {
    const placed = [1, 2, 3].map((qty) => bookOrder(random.orderId(), { qty }))
    const { confirmed, delivered, settled, order, inventory } = await play.lifecycle({ placed })
    const records = (await topic.records()).map((record) => ({ ...record, event: eventIn(record) }))
    mistake(
      'order-not-the-key',
      records.some(({ key, event }) => key !== event.orderId),
      'There are events whose key is not the id of their order. Only a key of their own keeps the events of one order in one partition, and apart from all others.',
      wire.produced().find(({ key, value }) => String(key) !== eventIn({ value: String(value) }).orderId)
        ?.exchange,
    )
    expect(confirmed, 'the orders were confirmed').toBe(true)
    for (const { orderId } of placed) {
      const ofOrder = records.filter(({ event }) => event.orderId === orderId)
      const types = [...new Set(ofOrder.map(({ event }) => event.type))]
      expect(
        types.filter((type) => LIFECYCLE.includes(type)),
        `events of ${orderId}`,
      ).toEqual(LIFECYCLE)
      expect(new Set(ofOrder.map(({ partition }) => partition)).size, `partitions of ${orderId}`).toBe(1)
    }
    expect(order).toMatchObject(statuses('DELIVERED', placed))
    expect(delivered, 'the orders were delivered').toBe(true)
    expect(inventory, 'of 10 copies').toMatchObject({ [STOCK]: '4' })
    mistake(
      'lag-stays',
      !settled,
      'Everything was done, and the groups still have lag: somebody reads records and does not commit them. Nobody can tell any more who is behind, and the next member begins with what was done long ago.',
    )
  },
)

check(
  'comes-twice',
  'Stage 1, order and inventory: at least once means that any event may come a second time, even much later',
  { after: 'lifecycle', about: 'run' },
  async ({ play, random }) => {
    const placed = bookOrder(random.orderId(), { qty: 2 })
    const { twice, replayed } = await play.comesTwice({ placed })
    mistake(
      'taken-twice',
      Number(twice.inventory[STOCK]) < 8,
      'The event of one order came twice, and its copies were taken off the shelf twice.',
    )
    mistake(
      'status-goes-back',
      /PLACED|CONFIRMED/.test(twice.order[statusOf(placed)] ?? ''),
      'The order was on its way when its first event came once more, and now it counts as one that was just placed: what the order service reads for a second time is news to it.',
    )
    expect(twice.inventory, 'of 10 copies').toMatchObject({ [STOCK]: '8' })
    expect(replayed.inventory, 'of 10 copies, when inventory has read everything again').toMatchObject({
      [STOCK]: '8',
    })
    expect(replayed.order).toMatchObject(statuses('SHIPPED', [placed]))
  },
)

check(
  'card-declined',
  'Stage 2, payment: what went wrong is an event like any other, and whoever has to undo something reads it',
  { after: 'comes-twice', about: 'payment' },
  async ({ play, topic, random }) => {
    const paid = [1, 2].map((qty) => bookOrder(random.orderId(), { qty }))
    const declined = bookOrder(random.orderId(), { qty: 3, userId: 'USR-13' })
    const { order, inventory, charges, refusals } = await play.cardDeclined({ paid, declined })
    const types = (await topic.records()).map((record) => eventIn(record).type)
    mistake(
      'declined-is-an-error',
      refusals.includes(declined.orderId) && !types.includes('PaymentDeclined'),
      'A card was declined, and no event says so. A refusal is an answer: trying it again does not help, and the others wait to hear of it.',
    )
    mistake(
      'copies-stay-away',
      inventory[STOCK] === '4',
      'The card was declined, and the copies are still set aside for an order that nobody will pay: they cannot be sold to anybody.',
    )
    expect(order).toMatchObject({ ...statuses('PAID', paid), ...statuses('CANCELLED', [declined]) })
    expect(inventory, 'of 10 copies').toMatchObject({ [STOCK]: '7' })
    expect(charges.toSorted(), 'orders that were charged').toEqual(paid.map(({ orderId }) => orderId).sort())
  },
)

check(
  'charged-once',
  'Stage 2, payment: no answer says nothing, and only the other side can tell a second attempt from a second order',
  { after: 'card-declined', about: 'payment' },
  async ({ play, topic, topicNamed, random }) => {
    const placed = bookOrder(random.orderId(), { qty: 1 })
    const { answerLost, secondCopy, replayed } = await play.chargedOnce({ placed })
    const charges = [answerLost, secondCopy, replayed].map((seen) => seen.charges.length)
    const types = (await topic.records()).map((record) => eventIn(record).type)
    mistake(
      'charged-and-cancelled',
      types.includes('PaymentDeclined'),
      'The gateway charged the card, and its answer got lost. The order was cancelled for it: the reader has paid for books that never come.',
    )
    mistake(
      'key-per-attempt',
      charges[0] === 2,
      'The gateway charged the card, and its answer got lost. The second attempt came with another key, so it was another charge.',
    )
    mistake(
      'trouble-is-no-poison',
      (await topicNamed(`${topic.name}-dead-letters`).records()).length > 0,
      'The gateway gave no answer for a moment, and a sound event went to the dead letters for it: there is nothing to mend in it, and its order will never be paid.',
    )
    expect(charges, 'charges for one order').toEqual([1, 1, 1])
    expect(replayed.order).toMatchObject(statuses('PAID', [placed]))
  },
)

check(
  'mails-later',
  'Stage 3, notification: a group that was away finds everything that happened meanwhile',
  { after: 'charged-once', about: 'notification' },
  async ({ play, random }) => {
    const before = bookOrder(random.orderId(), { qty: 1 })
    const meanwhile = ['USR-7', 'USR-13', 'USR-8'].map((userId) =>
      bookOrder(random.orderId(), { qty: 1, userId }),
    )
    const mails = await play.mailsLater({ before, meanwhile })
    const expected = [before, ...meanwhile].map(({ orderId, userId }) => ({
      userId,
      orderId,
      about: userId === 'USR-13' ? 'PaymentDeclined' : 'PaymentReceived',
    }))
    mistake(
      'lost-in-outage',
      mails.length === 1,
      'Orders were paid while notification was stopped, and when it was back nobody got a mail: it hears of events when they happen, and of no others.',
    )
    expect(mails.toSorted(byOrder)).toEqual(expected.toSorted(byOrder))
  },
)

check(
  'poison',
  'Stage 3, dead letters: a record that nobody can read is put aside by each group, and the ones behind it are read',
  { after: 'mails-later', about: 'toDeadLetters' },
  async ({ play, topic, topicNamed, random }) => {
    const placed = bookOrder(random.orderId(), { qty: 1 })
    const unreadable = `${random.int(2, 9)} books for ${placed.orderId}, please`
    const { threw, returned } = await play.poison({ unreadable, placed }).outcome()
    mistake(
      'poison-blocks',
      /for good/.test(threw?.message ?? '') || returned?.paid === false,
      'A record came that is not JSON, and the services came to a stand at it: the order behind it waits until somebody looks.',
    )
    expect(threw?.message).toBe(undefined)
    const deadLetters = await topicNamed(`${topic.name}-dead-letters`).records()
    mistake(
      'poison-dropped',
      deadLetters.length === 0,
      'What could not be read was committed and forgotten: an order may be lost in it, and nobody will ever look.',
    )
    const seen = deadLetters.map(({ key, value }) => ({ key, value }))
    const asItCame = { key: placed.orderId, value: unreadable }
    mistake(
      'not-as-it-came',
      seen.some(({ key, value }) => key !== asItCame.key || value !== asItCame.value),
      'The dead letter is not the record that came: who wants to mend it and send it again has to guess what it was.',
    )
    expect(seen.slice(0, 4), 'dead letters of four services').toEqual(Array(4).fill(asItCame))
  },
)

check(
  'trouble',
  'Stage 3, dead letters: trouble passes, so an event that meets it is not done; it comes again until it is',
  { after: 'poison', about: 'run' },
  async ({ play, topic, topicNamed, random }) => {
    const placed = bookOrder(random.orderId(), { qty: 1 })
    const mails = await play.mailServerBusy({ placed })
    const deadLetters = await topicNamed(`${topic.name}-dead-letters`).records()
    mistake(
      'mail-given-up',
      mails.length === 0,
      'The mail server was busy for a moment, nobody heard of it, and the event was committed: this reader never gets a mail.',
    )
    expect(deadLetters).toEqual([])
    expect(mails).toEqual([{ userId: placed.userId, orderId: placed.orderId, about: 'PaymentReceived' }])
  },
)

check(
  'three-members',
  'Stage 4, inventory grows from one member to three: one dies at the worst moment, and nothing is lost or done twice',
  { after: 'trouble', about: 'run' },
  async ({ play, topic, group, groupNamed, sessionTimeoutMs: sessionTimeout }) => {
    const [first = [], second = []] = [1001, 1016].map((from) =>
      Array.from({ length: 15 }, (_, index) => bookOrder(`ORD-${from + index}`, { qty: 1 })),
    )
    const { grown, confirmed, settled, inventory } = await play.threeMembers({
      sessionTimeout,
      first,
      second,
    })
    mistake(
      'lost-update',
      Number(grown[STOCK]) > 85,
      'Fifteen copies were sold, and more are on the shelf than should be: two members have read the same number, and each has written what it made of it.',
    )
    expect(grown, 'of 100 copies').toMatchObject({ [STOCK]: '85' })
    mistake(
      'done-and-never-told',
      !confirmed && settled,
      'A member died when it had taken the copies of an order, and before it could say so. Its successor found the work done, and said nothing either: this order is never confirmed.',
    )
    mistake(
      'mark-apart',
      Number(inventory[STOCK]) < 70,
      'A member died when it had taken the copies of an order. Its successor found no sign of it, and took them again.',
    )
    expect(inventory, 'of 100 copies').toMatchObject({ [STOCK]: '70' })
    expect(confirmed, 'all orders are confirmed').toBe(true)
    expect(await groupNamed(`${group.name}-inventory`).committed()).toEqual(await topic.endOffsets())
  },
)

check(
  'analytics-is-new',
  'Stage 5, analytics: whoever comes last reads everything from the beginning, and may do so again',
  { after: 'three-members', about: 'analytics' },
  async ({ play, random }) => {
    const paid = [1, 2, 3].map((qty) => bookOrder(random.orderId(), { qty }))
    const declined = bookOrder(random.orderId(), { qty: 1, userId: 'USR-13' })
    const { before, replayed, rebuilt } = await play.analyticsIsNew({ paid, declined })
    expect(before.analytics).toMatchObject({ [SOLD]: '6' })
    mistake(
      'counts-twice',
      Number(replayed.analytics[SOLD]) > 6,
      'Analytics read everything once more, and now more copies count as sold than were ever there.',
    )
    mistake(
      'mails-again',
      replayed.mails.length > before.mails.length,
      'Everybody read everything once more, and readers got the same mail again, for an order of last week.',
    )
    expect(replayed.charges, 'charges after the replay').toEqual(before.charges)
    expect(replayed.inventory, 'of 10 copies').toMatchObject({ [STOCK]: '4' })
    expect(replayed.order).toMatchObject({
      ...statuses('PAID', paid),
      ...statuses('CANCELLED', [declined]),
    })
    mistake(
      'marks-elsewhere',
      rebuilt.analytics[SOLD] === undefined,
      'Analytics began anew with an empty database, and took every event for done: what it remembers does not lie where its totals lie.',
    )
    expect(rebuilt.analytics).toMatchObject({ [SOLD]: '6' })
  },
)

type Rows = Record<string, string>

const { isbn } = order('any').data
const STOCK = `stock:${isbn}`
const SOLD = `sold:${isbn}`
const LIFECYCLE = ['OrderPlaced', 'OrderConfirmed', 'OrderShipped', 'OrderDelivered']

function bookOrder(orderId: string, { qty, userId = 'USR-7' }: { qty: number; userId?: string }): BookEvent {
  return order(orderId, { userId, data: { isbn, qty } })
}

/** Fails the check for a value that is no event. */
function eventIn({ value }: { value: string | null }): BookEvent {
  try {
    return JSON.parse(value ?? 'nothing')
  } catch {
    return expect.fail(`the value of a record should be an event as JSON, and is ${value}`)
  }
}

function statusOf({ orderId }: BookEvent): string {
  return `status:${orderId}`
}

/** The rows of the order service for orders that all have one status. */
function statuses(status: string, orders: BookEvent[]): Rows {
  return Object.fromEntries(orders.map((one) => [statusOf(one), status]))
}

function byOrder(one: { orderId: string }, other: { orderId: string }): number {
  return one.orderId < other.orderId ? -1 : 1
}
