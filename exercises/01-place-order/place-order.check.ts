import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as scenes from './place-order.scenes.ts'

const check = checksFor<{ scenes: typeof scenes }>(import.meta.url)

const order = { orderId: 'ORD-1042', userId: 'USR-7', isbn: '978-0-13-468599-1', qty: 2 }
const accepted = { orderId: 'ORD-1042', accepted: true }

check(
  'accepted',
  'A service that only has to hear of an order cannot stop it: nobody waits for its answer',
  { about: 'placeOrder' },
  async ({ play }) => {
    const playing = play.notificationDown(order)
    const { returned, threw } = await playing.outcome()
    const wasAsked = returned?.calls.includes('notification.sendMail') ?? false
    mistake(
      'order-needs-everyone',
      threw?.message.includes('Notification is down') || (wasAsked && returned?.receipt?.accepted === false),
      'A book was there to be sold, and the order failed because the service that sends mails was down: one service that is out takes the others with it.',
    )
    const { receipt } = await playing
    expect(receipt, 'the receipt').toMatchObject(accepted)
  },
)

check(
  'stored',
  'An event has been published when the broker has stored it, and from then on it waits for every reader',
  { after: 'accepted', about: 'placeOrder' },
  async ({ play, topic, wire }) => {
    // Whoever does not wait for the broker is done before its answer can have come.
    wire.fault({ api: 'Produce', delayMs: 300 })
    const playing = play.notificationDown(order)
    const onWire = playing.paused('receipt').then(async (receipt) => {
      const answered = wire.produced().some((record) => record.offset !== null)
      const sent = () => wire.produced().length > 0
      const sentAtAll = await expect.poll(sent, { timeout: 2_500 }).toBe(true).then(sent, sent)
      receipt.go()
      return { answered, sentAtAll }
    })
    onWire.catch(() => playing.kill())
    const { answered, sentAtAll } = await onWire
    await playing
    mistake(
      'lost-while-down',
      !sentAtAll,
      'The order was accepted, the mail service was down, and nothing is left for it to find when it is back: this customer never gets a mail, and nobody knows.',
    )
    mistake(
      'receipt-before-event',
      !answered,
      'The customer had a receipt while the event was still on its way to the broker: if it gets lost now, there is a receipt for an order that nobody has heard of.',
    )
    expect((await topic.records()).length, 'records in the topic').toBeGreaterThan(0)
  },
)

check(
  'one-event',
  'One record is enough for any number of readers',
  { after: 'stored', about: 'placeOrder' },
  async ({ play, topic }) => {
    await play.notificationDown(order)
    const records = await topic.records()
    mistake(
      'knows-its-subscribers',
      records.length > 1,
      'There is a record for each service that shall hear of the order: the order service still knows them all by name, and must be changed for every new one.',
    )
    expect(records.length, 'records in the topic').toBe(1)
  },
)

check(
  'slow',
  'A producer waits for the broker that stores the event, never for those who read it',
  { after: 'one-event', about: 'placeOrder', deadlineMs: 10_000 },
  async ({ play }) => {
    const { receipt, happened } = await play.slowPayment(order)
    mistake(
      'waits-for-payment',
      happened.indexOf('payment done') < happened.indexOf('receipt'),
      'The customer had to wait until payment was done with its work: the slowest service sets the pace of the shop.',
    )
    expect(receipt, 'the receipt').toMatchObject(accepted)
  },
)

check(
  'told-once',
  'A service that reads the event needs no call beside it',
  { after: 'slow', about: 'placeOrder' },
  async ({ play }) => {
    const { calls } = await play.notificationDown(order)
    const orders = calls.filter((call) => call !== 'inventory.inStock')
    mistake(
      'told-twice',
      orders.length > 0,
      'The event tells the services what happened, and a call tells them once more: one order, and the books are reserved twice, the card is charged twice.',
    )
    expect(orders, 'calls besides the one for the stock').toEqual([])
  },
)

check(
  'stock',
  'A question that needs its answer now stays a call, and comes before the event',
  { after: 'stored', about: 'placeOrder' },
  async ({ play, topic }) => {
    const { receipt, calls } = await play.soldOut(order)
    mistake(
      'stock-check-as-event',
      receipt?.accepted !== false && !calls.includes('inventory.inStock'),
      'Two copies were sold although one is on the shelf: an event asks nobody anything, and so there was nobody to say no.',
    )
    expect(receipt, 'the receipt').toMatchObject({ orderId: 'ORD-1042', accepted: false })
    mistake(
      'event-before-check',
      (await topic.records()).length > 0,
      'The order was refused, and its event is in the topic all the same: a record cannot be taken back, so the book will be reserved and the card charged.',
    )
  },
)

check(
  'late-subscribers',
  'Whoever comes later, or for the first time, reads the same event and needs nobody to ask',
  { after: 'stored', about: 'placeOrder' },
  async ({ play, wire }) => {
    const heard = await play.lateSubscribers(order)
    const { notification } = heard
    expect(new Set(Object.values(heard)).size, 'different events heard by four services').toBe(1)
    const event = fromJson(notification)
    const { isbn, qty, ...person } = order
    const [sent] = wire.requests('Produce')
    mistake(
      'order-not-event',
      event?.type === undefined && event?.isbn === isbn,
      'The record holds an order and does not say what happened to it: placed, paid, cancelled? Every reader has to guess.',
      sent,
    )
    mistake(
      'thin-event',
      event?.type === 'OrderPlaced' && event.data === undefined,
      'The event names the order and nothing of what is in it: every reader has to call the order service to learn more, and needs it to be up.',
      sent,
    )
    expect(event, 'the event').toMatchObject({ type: 'OrderPlaced', ...person, data: { isbn, qty } })
  },
)

check(
  'refused',
  'A record that the broker refuses is nowhere, so it announces nothing',
  { after: 'stored', about: 'placeOrder' },
  async ({ play, topic, wire }) => {
    wire.fault({ api: 'Produce', times: 20, error: 'TOPIC_AUTHORIZATION_FAILED' })
    const { returned } = await play.notificationDown(order).outcome()
    expect(await topic.records(), 'records in the topic').toEqual([])
    mistake(
      'receipt-anyway',
      returned?.receipt?.accepted === true,
      'The broker refused the event, and the customer was told that the order is accepted: no service will ever hear of it.',
    )
  },
)

/** The fields of a JSON text, or undefined when it is none. */
function fromJson(text: string | undefined): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
