import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import type { Stage } from '#workbook/check'
import { type BookOrder, type DirectCalls, placeOrder } from './place-order.ts'

const order: BookOrder = { orderId: 'ORD-1042', userId: 'USR-7', isbn: '978-0-13-468599-1', qty: 2 }

/** The service that sends mails is down. Does the order get through? */
export async function notificationDown({ kafka, topic, pauseAt, given }: Stage<BookOrder>) {
  const { services, calls } = bookstore({ mail: down, tell: teller(given) })
  const receipt = await placeOrder(given ?? order, { kafka, topic, services })
  await pauseAt('receipt')
  return { receipt, calls }
}

/** Payment takes its time, whether it is called or reads the event. How long does the customer wait? */
export async function slowPayment({ kafka, topic, group, given }: Stage<BookOrder>) {
  const tell = teller(given)
  const happened: string[] = []
  let giveReceipt = () => {}
  const receiptGiven = new Promise<void>((resolve) => {
    giveReceipt = resolve
  })
  let endPayment = () => {}
  const paymentDone = new Promise<void>((resolve) => {
    endPayment = resolve
  })
  // Its work ends after three seconds, or as soon as the customer has the receipt.
  const work = async () => {
    await Promise.race([receiptGiven, sleep(3000)])
    happened.push('payment done')
    endPayment()
  }
  const payment = await startSubscriber(kafka, topic, `${group}-payment`, work)
  try {
    const { services } = bookstore({ pay: work, tell })
    const startedAt = performance.now()
    const receipt = await placeOrder(given ?? order, { kafka, topic, services })
    happened.push('receipt')
    tell(`the customer waited for ${Math.round(performance.now() - startedAt)} ms`)
    giveReceipt()
    await paymentDone
    return { receipt, happened }
  } finally {
    await payment.disconnect()
  }
}

/** Four services that were not there when the order was placed. Analytics is new, and nobody told the order service of it. */
export async function lateSubscribers({ kafka, topic, group, given }: Stage<BookOrder>) {
  const { services } = bookstore({ mail: down, tell: teller(given) })
  await placeOrder(given ?? order, { kafka, topic, services })
  const names = ['inventory', 'payment', 'notification', 'analytics']
  const heard = await Promise.all(
    names.map(async (name) => {
      let hear = (_value: string) => {}
      const first = new Promise<string>((resolve) => {
        hear = resolve
      })
      const subscriber = await startSubscriber(kafka, topic, `${group}-${name}`, async (value) => hear(value))
      try {
        return await first
      } finally {
        await subscriber.disconnect()
      }
    }),
  )
  return Object.fromEntries(names.map((name, index) => [name, heard[index]]))
}

/** One copy is left, and the customer wants two. */
export async function soldOut({ kafka, topic, given }: Stage<BookOrder>) {
  const { services, calls } = bookstore({ copies: 1, tell: teller(given) })
  const receipt = await placeOrder(given ?? order, { kafka, topic, services })
  return { receipt, calls }
}

interface Circumstances {
  copies?: number
  /** What payment does when it is called. */
  pay?: () => Promise<void>
  /** What notification does when it is called. */
  mail?: () => Promise<void>
  tell: Tell
}

type Tell = (line: string) => void

/** Prints when you play. When a check plays with an order of its own, it looks for itself, and nothing needs to be printed. */
function teller(given: BookOrder | undefined): Tell {
  return given === undefined ? console.log : () => {}
}

const down = () => Promise.reject(new Error('Notification is down'))

/** The other services, and a list of the calls that reached them. */
function bookstore({ copies = 10, pay = async () => {}, mail = async () => {}, tell }: Circumstances) {
  const calls: string[] = []
  const called = (call: string, about: string) => {
    calls.push(call)
    tell(`call ${call.padEnd(22)} ${about}`)
  }
  const services: DirectCalls = {
    inventory: {
      inStock: async (isbn, qty) => {
        called('inventory.inStock', `${qty} of ${isbn}: ${qty <= copies ? 'yes' : 'no'}`)
        return qty <= copies
      },
      reserve: async ({ orderId }) => called('inventory.reserve', orderId),
      release: async ({ orderId }) => called('inventory.release', orderId),
    },
    payment: {
      charge: async ({ orderId }) => {
        called('payment.charge', orderId)
        await pay()
      },
      refund: async ({ orderId }) => called('payment.refund', orderId),
    },
    notification: {
      sendMail: async ({ orderId }) => {
        called('notification.sendMail', orderId)
        await mail()
      },
    },
  }
  return { services, calls }
}

/** A service that reads the topic from its beginning, in a group of its own. */
async function startSubscriber(
  kafka: Kafka,
  topic: string,
  groupId: string,
  handle: (value: string) => Promise<void>,
) {
  // How long the broker may hold an empty fetch. kafkajs cannot leave a group while it waits for one.
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({ eachMessage: ({ message: { value } }) => handle(String(value)) })
  return consumer
}
