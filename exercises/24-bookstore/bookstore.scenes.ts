import { setTimeout as sleep } from 'node:timers/promises'
import type { BookEvent } from '#bookstore'
import type { Stage } from '#workbook/check'
import { bookOrder, inShop, next, openBookstore, outsideOf } from './bookstore.surroundings.ts'
import type { Service } from './bookstore.ts'

const FIRST_FOUR: Service[] = ['order', 'inventory', 'payment', 'notification']
const EVERYBODY: Service[] = [...FIRST_FOUR, 'analytics']

/** One day, all services at work: an order that goes well, one with a card that is declined, one for too many copies. */
export async function oneDay(stage: Stage) {
  const today = { copies: 5, declined: ['USR-13'], tell: console.log }
  await inShop(stage, today, async (shop) => {
    await shop.start(...EVERYBODY)
    const fine = bookOrder('ORD-1042', 2)
    await shop.publish(fine)
    await shop.publish(bookOrder('ORD-1043', 1, 'USR-13'))
    await shop.publish(bookOrder('ORD-1044', 9))
    await shop.reached('PAID', fine)
    await shop.publish(next(fine, 'OrderShipped'))
    await shop.publish(next(fine, 'OrderDelivered'))
    await shop.settled(...EVERYBODY)
  })
}

/** Stage 1. 10 copies are on the shelf. An order is placed while inventory does not run; later, one for more than are left. */
export async function inventoryAway(stage: Stage<{ placed: BookEvent; tooMany: BookEvent }>) {
  const { placed, tooMany } = stage.given ?? {
    placed: bookOrder('ORD-1042', 2),
    tooMany: bookOrder('ORD-1043', 9),
  }
  return inShop(stage, {}, async (shop) => {
    await shop.start('order')
    await shop.publish(placed)
    await stage.pauseAt('placed', shop.seen())
    await shop.start('inventory')
    const confirmed = await shop.reached('CONFIRMED', placed)
    await shop.publish(tooMany)
    await shop.settled('order', 'inventory')
    return { confirmed, ...shop.seen() }
  })
}

/** Stage 1. Orders from the beginning to the end. */
export async function lifecycle(stage: Stage<{ placed: BookEvent[] }>) {
  const { placed } = stage.given ?? { placed: [bookOrder('ORD-1042', 1), bookOrder('ORD-1043', 2)] }
  return inShop(stage, {}, async (shop) => {
    await shop.start('order', 'inventory')
    for (const event of placed) await shop.publish(event)
    const confirmed = await shop.reached('CONFIRMED', ...placed)
    for (const type of ['OrderShipped', 'OrderDelivered']) {
      for (const event of placed) await shop.publish(next(event, type))
    }
    const delivered = await shop.reached('DELIVERED', ...placed)
    const settled = await shop.settled('order', 'inventory')
    return { confirmed, delivered, settled, ...shop.seen() }
  })
}

/** Stage 1. The first event of an order comes a second time. Then inventory reads everything once more. */
export async function comesTwice(stage: Stage<{ placed: BookEvent }>) {
  const { placed } = stage.given ?? { placed: bookOrder('ORD-1042', 2) }
  return inShop(stage, {}, async (shop) => {
    await shop.start('order', 'inventory')
    await shop.publish(placed)
    await shop.reached('CONFIRMED', placed)
    await shop.publish(next(placed, 'OrderShipped'))
    await shop.publish(placed)
    await shop.settled('order', 'inventory')
    const twice = shop.seen()
    await shop.stop('inventory')
    await shop.setBack('inventory')
    await shop.start('inventory')
    await shop.settled('order', 'inventory')
    return { twice, replayed: shop.seen() }
  })
}

/** Stage 2. Two orders are paid, and the card for a third one is declined. */
export async function cardDeclined(stage: Stage<{ paid: BookEvent[]; declined: BookEvent }>) {
  const { paid, declined } = stage.given ?? {
    paid: [bookOrder('ORD-1042', 1), bookOrder('ORD-1043', 2)],
    declined: bookOrder('ORD-1044', 3, 'USR-13'),
  }
  return inShop(stage, { declined: [declined.userId] }, async (shop) => {
    await shop.start('order', 'inventory', 'payment')
    for (const event of [...paid, declined]) await shop.publish(event)
    await shop.reached('PAID', ...paid)
    await shop.reached('CANCELLED', declined)
    await shop.settled('order', 'inventory', 'payment')
    return shop.seen()
  })
}

/**
 * Stage 2. The gateway's answer gets lost. When the order is on its way, the confirmation comes twice. Then payment reads
 * everything once more.
 */
export async function chargedOnce(stage: Stage<{ placed: BookEvent }>) {
  const { placed } = stage.given ?? { placed: bookOrder('ORD-1042', 1) }
  return inShop(stage, { lostAnswers: [placed.orderId] }, async (shop) => {
    await shop.start('order', 'inventory', 'payment')
    await shop.publish(placed)
    await shop.reached('PAID', placed)
    const answerLost = shop.seen()
    await shop.publish(next(placed, 'OrderShipped'))
    await shop.publish(next(placed, 'OrderConfirmed'))
    await shop.settled('order', 'inventory', 'payment')
    const secondCopy = shop.seen()
    await shop.stop('payment')
    await shop.setBack('payment')
    await shop.start('payment')
    await shop.settled('order', 'inventory', 'payment')
    return { answerLost, secondCopy, replayed: shop.seen() }
  })
}

/** Stage 3. Notification is stopped after one order, and started again when the others have been paid or cancelled. */
export async function mailsLater(stage: Stage<{ before: BookEvent; meanwhile: BookEvent[] }>) {
  const { before, meanwhile } = stage.given ?? {
    before: bookOrder('ORD-1042', 1),
    meanwhile: [bookOrder('ORD-1043', 1), bookOrder('ORD-1044', 1, 'USR-13')],
  }
  return inShop(stage, { declined: ['USR-13'] }, async (shop) => {
    await shop.start(...FIRST_FOUR)
    await shop.publish(before)
    await shop.within(() => shop.seen().mails.length === 1)
    await shop.stop('notification')
    for (const event of meanwhile) await shop.publish(event)
    await shop.settled('order', 'inventory', 'payment')
    await shop.start('notification')
    await shop.within(() => shop.seen().mails.length === 1 + meanwhile.length)
    await shop.settled(...FIRST_FOUR)
    return shop.seen().mails
  })
}

/** Stage 3. In front of an order lies a record with the same key that nobody can read. */
export async function poison(stage: Stage<{ unreadable: string; placed: BookEvent }>) {
  const { unreadable, placed } = stage.given ?? {
    unreadable: 'ORD-1042, two books',
    placed: bookOrder('ORD-1042', 2),
  }
  return inShop(stage, {}, async (shop) => {
    await shop.start(...FIRST_FOUR)
    const producer = stage.kafka.producer()
    await producer.connect()
    await producer.send({ topic: stage.topic, messages: [{ key: placed.orderId, value: unreadable }] })
    await producer.disconnect()
    await shop.publish(placed)
    const paid = await shop.reached('PAID', placed)
    await shop.settled(...FIRST_FOUR)
    return { paid }
  })
}

/** Stage 3. The mail server is too busy for the first two mails that it gets. */
export async function mailServerBusy(stage: Stage<{ placed: BookEvent }>) {
  const { placed } = stage.given ?? { placed: bookOrder('ORD-1042', 1) }
  return inShop(stage, { tooBusyFor: 2 }, async (shop) => {
    await shop.start(...FIRST_FOUR)
    await shop.publish(placed)
    await shop.reached('PAID', placed)
    await shop.settled(...FIRST_FOUR)
    return shop.seen().mails
  })
}

/**
 * Stage 4. One member of inventory, each a process, becomes three. One of the three is killed when it has just kept the stock
 * of an order. There are 100 copies.
 */
export async function threeMembers(stage: Stage<Evening>) {
  const { sessionTimeout, first, second } = stage.given ?? EVENING
  const show = async (line: string) => {
    if (stage.given) return
    console.log(line)
    await sleep(SHOWN_MS)
  }
  return inShop(stage, { copies: 100, sessionTimeout }, async (shop) => {
    const startMember = () => stage.spawn('member', { service: 'inventory', port: shop.port, sessionTimeout })
    const ann = startMember()
    await Promise.all([shop.start('order'), ann.paused('working')])
    await show('one member')
    const others = [startMember(), startMember()]
    const working = await Promise.all(others.map((member) => member.paused('working')))
    await shop.within(() => shop.isGroupOf(3, 'inventory'))
    await show('three members')
    for (const event of first) await shop.publish(event)
    await shop.settled('order', 'inventory')
    const grown = shop.seen().inventory

    const annHasKept = ann.paused('kept')
    for (const event of second) await shop.publish(event)
    await annHasKept
    await ann.kill()
    if (!stage.given) console.log('one of them is killed')
    const confirmed = await shop.reached('CONFIRMED', ...first, ...second)
    const settled = await shop.settled('order', 'inventory')
    await show('the others have done everything')
    for (const member of working) member.go()
    await Promise.all(others.map((member) => member.ended()))
    return { grown, confirmed, settled, inventory: shop.seen().inventory }
  })
}

/**
 * Stage 4. A mail takes so long that the broker gives up the member that sends it. A second copy of notification takes over
 * its partition and begins with the same event, while the first one is still at it.
 */
export async function slowMail(stage: Stage<{ sessionTimeout: number; placed: BookEvent }>) {
  const { sessionTimeout, placed } = stage.given ?? {
    sessionTimeout: 6_000,
    placed: bookOrder('ORD-1042', 1),
  }
  let answer = () => {}
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  return inShop(stage, { sessionTimeout, mailed: () => answered }, async (shop) => {
    await shop.start(...FIRST_FOUR)
    await shop.publish(placed)
    await shop.within(() => shop.seen().mails.length > 0)
    const second = stage.spawn('member', { service: 'notification', port: shop.port, sessionTimeout })
    const [working, mailing] = [second.paused('working'), second.paused('mailed')]
    let mailsToo = false
    const noticed = mailing.then((pause) => {
      mailsToo = true
      pause.go()
    })
    noticed.catch(() => {})
    await shop.within(() => mailsToo || shop.isAwaited('notification'))
    answer()
    await shop.settled(...FIRST_FOUR)
    const pause = await working
    pause.go()
    return { mails: shop.seen().mails, mailsOfTheSecond: await second.ended() }
  })
}

/** Stage 4. One more member of a service, until it is let go; the mails that it has sent. */
export async function member(stage: Stage<{ service: Service; port: number; sessionTimeout: number }>) {
  if (!stage.given) return console.log('threeMembers and slowMail start these: play those.')
  const { service, port, sessionTimeout } = stage.given
  const outside = outsideOf({ mailed: () => stage.pauseAt('mailed') })
  const { bookstore, hangUp } = await openBookstore(stage, { sessionTimeout }, port, outside)
  await bookstore.start(service)
  await stage.pauseAt('working')
  await bookstore.close()
  hangUp()
  return outside.mails
}

/** Stage 5. Analytics is new. Then everybody reads everything once more. Then analytics begins anew with an empty database. */
export async function analyticsIsNew(stage: Stage<{ paid: BookEvent[]; declined: BookEvent }>) {
  const { paid, declined } = stage.given ?? {
    paid: [bookOrder('ORD-1042', 1), bookOrder('ORD-1043', 2)],
    declined: bookOrder('ORD-1044', 1, 'USR-13'),
  }
  return inShop(stage, { declined: [declined.userId] }, async (shop) => {
    await shop.start(...FIRST_FOUR)
    for (const event of [...paid, declined]) await shop.publish(event)
    await shop.settled(...FIRST_FOUR)
    await shop.start('analytics')
    await shop.settled(...EVERYBODY)
    const before = shop.seen()

    await shop.stop(...EVERYBODY)
    await shop.setBack(...EVERYBODY)
    await shop.start(...EVERYBODY)
    await shop.settled(...EVERYBODY)
    const replayed = shop.seen()

    await shop.stop('analytics')
    await shop.setBack('analytics')
    shop.clear('analytics')
    await shop.start('analytics')
    await shop.settled(...EVERYBODY)
    return { before, replayed, rebuilt: shop.seen() }
  })
}

/** Two waves of orders. Each has orders for all four partitions. */
interface Evening {
  /** Milliseconds; 6,000 is the least that a broker takes as it comes. */
  sessionTimeout: number
  first: BookEvent[]
  second: BookEvent[]
}

const EVENING: Evening = {
  sessionTimeout: 6_000,
  first: Array.from({ length: 15 }, (_, index) => bookOrder(`ORD-${1001 + index}`, 1)),
  second: Array.from({ length: 15 }, (_, index) => bookOrder(`ORD-${1016 + index}`, 1)),
}

/** How long each state lasts in the picture. */
const SHOWN_MS = 1_000
