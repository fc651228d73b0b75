import { expect, onTestFinished, test } from 'vitest'
import { connectTo, openDatabases } from '../../../exercises/24-bookstore/bookstore.database.ts'

/* The databases of exercise 24: what keeps two copies of a service apart. */

async function twoCopies() {
  const databases = await openDatabases({
    order: {},
    inventory: {},
    payment: {},
    notification: {},
    analytics: {},
  })
  onTestFinished(() => databases.close())
  const copies = [
    await connectTo(databases.port, async () => {}),
    await connectTo(databases.port, async () => {}),
  ]
  const [one, other] = copies.map(({ stores }) => stores.inventory)
  if (!one || !other) throw new Error('two copies were asked for')
  return { databases, one, other }
}

test('a write beside a transaction of the same copy lets no other copy in', async () => {
  const { databases, one, other } = await twoCopies()
  const steps: string[] = []
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const first = one.transaction(async () => {
    steps.push('first begins')
    await ended
    steps.push('first ends')
  })
  await expect.poll(() => steps).toEqual(['first begins'])
  await one.set('told', 'yes')
  const second = other.transaction(async () => {
    steps.push('second begins')
  })
  await expect.poll(() => databases.isAwaited('inventory'), { timeout: 20_000 }).toBe(true)
  end()
  await Promise.all([first, second])
  expect(steps).toEqual(['first begins', 'first ends', 'second begins'])
})

test('a copy that is gone in a transaction leaves nothing of it, and the next one gets in', async () => {
  const { databases, one } = await twoCopies()
  const { stores, close } = await connectTo(databases.port, async () => {})
  await stores.inventory.set('stock', '10')
  const cut = new Promise<void>((resolve) => {
    stores.inventory.transaction(async () => {
      await stores.inventory.set('stock', '8')
      resolve()
      await new Promise(() => {})
    })
  })
  await cut
  close()
  expect(await one.transaction(() => one.get('stock'))).toBe('10')
})
