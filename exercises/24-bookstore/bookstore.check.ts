import './bookstore.orders.ts'
import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { bookOrder, byOrder, check, eventIn, SOLD, STOCK, statuses } from './bookstore.rows.ts'

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
      'The gateway gave no answer for a moment, and a sound event went to the dead letters for it: there is nothing to mend in it, and nobody is told what became of the payment.',
    )
    expect(charges, 'charges for one order').toEqual([1, 1, 1])
    expect(replayed.order, 'when PaymentReceived has come again').toMatchObject(statuses('SHIPPED', [placed]))
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

check(
  'slow-mail',
  'Stage 4 again, two copies of notification: whoever is taken for dead may still be at work beside its successor',
  { after: 'analytics-is-new', about: 'notification' },
  async ({ play, sessionTimeoutMs: sessionTimeout, random }) => {
    const placed = bookOrder(random.orderId(), { qty: 1 })
    const { mails, mailsOfTheSecond } = await play.slowMail({ sessionTimeout, placed })
    const sent = [...mails, ...(mailsOfTheSecond as typeof mails)]
    mistake(
      'sent-by-both',
      sent.length > 1,
      'A mail took so long that the broker gave up the member that was sending it. Its successor looked for a note of the mail, found none, and sent it as well: between the look and the note, nothing kept the other one out.',
    )
    expect(sent).toEqual([{ userId: placed.userId, orderId: placed.orderId, about: 'PaymentReceived' }])
  },
)
