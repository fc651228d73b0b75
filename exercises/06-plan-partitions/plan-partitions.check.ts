import { Partitioners } from 'kafkajs'
import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check } from './plan-partitions.needs.ts'

const nineKeys = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `MSG-00${number}`)

/** Where Kafka's own Java partitioner puts the nine keys. */
const javaPlaces: Record<number, number[]> = {
  3: [0, 0, 1, 1, 0, 2, 0, 2, 0],
  4: [0, 3, 1, 0, 1, 2, 1, 0, 0],
  6: [0, 3, 1, 4, 3, 2, 3, 2, 0],
}

const clientPartitioner = Partitioners.DefaultPartitioner()

/** Where a real kafkajs producer sends a record with this key. */
function placeOf(key: string, partitions: number): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionId,
    leader: 1,
    partitionErrorCode: 0,
    replicas: [1],
    isr: [1],
  }))
  return clientPartitioner({ topic: 'orders', partitionMetadata, message: { key, value: 'any' } })
}

const inOrder = (partitions: number[]) => [...partitions].sort((a, b) => a - b)

check(
  'keys-move',
  "When a topic grows, a key goes where the producer's arithmetic sends it from now on",
  { about: 'remap' },
  async ({ answer, random }) => {
    const { keys } = await answer.remap(nineKeys, 3, 6)
    mistake(
      'keys-stay',
      keys.length > 0 && keys.every(({ from, to }) => from === to),
      'Four of these nine keys go to another partition now. A producer knows no history: it takes the remainder by the number of partitions that it sees.',
    )
    expect(keys.map(({ key }) => key)).toEqual(nineKeys)
    expect(
      keys.map(({ from }) => from),
      'from, with 3 partitions',
    ).toEqual(javaPlaces[3])
    expect(
      keys.map(({ to }) => to),
      'to, with 6 partitions',
    ).toEqual(javaPlaces[6])

    const names = ['Zoë', '書店', ...Array.from({ length: 500 }, () => random.text(10))]
    const [from, to] = [random.int(1, 20), random.int(20, 60)]
    const others = await answer.remap(names, from, to)
    const places = names.map((key) => ({ key, from: placeOf(key, from), to: placeOf(key, to) }))
    expect(others.keys.map((row) => ({ key: row.key, from: row.from, to: row.to }))).toEqual(places)
  },
)

check(
  'records-stay',
  'Growing moves no record: the old ones stay where they were written',
  { after: 'keys-move', about: 'remap' },
  async ({ answer }) => {
    const { keys } = await answer.remap(nineKeys, 3, 4)
    const moved = keys.find(({ key }) => key === 'MSG-002')
    mistake(
      'records-moved',
      String(moved?.holds) === '3',
      'The new records of MSG-002 go to partition 3, and its old ones were thought to follow. A log is only ever appended to; they are read from partition 0 as before.',
    )
    expect(inOrder(moved?.holds ?? [])).toEqual([0, 3])
    const holds = nineKeys.map((_, at) => [javaPlaces[3]?.[at] ?? -1, javaPlaces[4]?.[at] ?? -1])
    expect(keys.map((row) => inOrder(row.holds))).toEqual(holds.map((both) => inOrder([...new Set(both)])))
  },
)

check(
  'moved-share',
  'From three to four partitions three quarters of all keys move, and not a quarter',
  { after: 'keys-move', about: 'remap' },
  async ({ answer, random }) => {
    const keys = [...new Set(Array.from({ length: 5000 }, () => random.orderId()))]
    const { movedShare } = await answer.remap(keys, 3, 4)
    mistake(
      'new-share-only',
      Math.abs(movedShare - 0.25) < 0.01,
      'The new partition holds a quarter of the keys, so it was thought that a quarter moves. The remainder changes for others, too: keys also go from one old partition to another.',
    )
    const moved = keys.filter((key) => placeOf(key, 3) !== placeOf(key, 4))
    expect(movedShare).toBeCloseTo(moved.length / keys.length, 6)
    const few = await answer.remap.each([
      [nineKeys, 3, 6],
      [nineKeys, 3, 4],
      [[], 3, 4],
    ])
    expect(
      few.map((report) => Math.round(report.movedShare * 9)),
      'ninths, and no keys',
    ).toEqual([4, 5, 0])
  },
)

check(
  'reachable',
  'Where a key can go is told by what both counts have in common',
  { after: 'keys-move', about: 'remap' },
  async ({ answer, random }) => {
    const { reachable } = await answer.remap([], 3, 6)
    const { reachable: fromFour } = await answer.remap([], 4, 6)
    const ofTwo = inOrder(reachable[2] ?? []).join()
    mistake(
      'anywhere-reachable',
      ofTwo === '0,1,2,3,4,5',
      'A key of partition 2 has a hash that leaves 2 when divided by 3. Divided by 6 it cannot leave 4: most of these six are out of its reach.',
    )
    mistake(
      'stay-or-new',
      ofTwo === '2,3,4,5',
      'All new partitions were taken for possible. A hash that leaves 2 when divided by 3 cannot leave 3 or 4 when divided by 6.',
    )
    mistake(
      'old-remainder-kept',
      ofTwo === '2,5' && inOrder(fromFour[1] ?? []).join() === '1,5',
      'From 4 to 6, only 1 and 5 were found for partition 1: numbers below 6 that leave 1 when divided by 4. But 9 leaves 1 as well, and the producer divides it by 6: a key also goes to partition 3, among keys that were there before.',
    )
    expect(
      reachable.map((places) => inOrder(places).join(' ')),
      'from 3 to 6',
    ).toEqual(['0 3', '1 4', '2 5'])
    expect(
      fromFour.map((places) => inOrder(places).join(' ')),
      'from 4 to 6',
    ).toEqual(['0 2 4', '1 3 5', '0 2 4', '1 3 5'])
    const [from, more] = [random.int(1, 6), random.int(0, 6)]
    const grown = await answer.remap([], from, from + more)
    const seen = Array.from({ length: from }, () => new Set<number>())
    // So many keys that none of the possible moves is missing.
    for (let id = 0; id < 5000; id++) seen[placeOf(`ORD-${id}`, from)]?.add(placeOf(`ORD-${id}`, from + more))
    const where = `where 5000 keys of a kafkajs producer go, from ${from} to ${from + more}`
    expect(grown.reachable.map(inOrder), where).toEqual(seen.map((places) => inOrder([...places])))
  },
)

check(
  'order-at-risk',
  'A key that moves has old records in one partition and new ones in another, and nobody keeps the two in order',
  { after: 'records-stay', about: 'remap' },
  async ({ answer }) => {
    const staying = ['MSG-001', 'MSG-003', 'MSG-006']
    const [moving, stay, same, none] = await answer.remap.each([
      [nineKeys, 3, 6],
      [staying, 3, 6],
      [nineKeys, 4, 4],
      [[], 3, 6],
    ])
    mistake(
      'growth-is-safe',
      moving?.orderAtRisk === false,
      'MSG-002 has unread records in partition 0 when its next one arrives in partition 3. Another member may handle that one first, and the order is confirmed before it is placed.',
    )
    expect(moving?.orderAtRisk, 'nine keys, four of them move').toBe(true)
    expect(stay?.orderAtRisk, `${staying}, from 3 to 6`).toBe(false)
    expect(none?.orderAtRisk, 'no keys').toBe(false)
    expect(same, 'from 4 to 4').toMatchObject({ movedShare: 0, orderAtRisk: false })
    expect(same?.keys.map(({ to }) => to)).toEqual(javaPlaces[4])
  },
)

check(
  'no-shrinking',
  'Kafka takes no partition away: its records would have nowhere to go',
  { about: 'remap' },
  async ({ answer }) => {
    const { returned, threw } = await answer.remap.outcome(nineKeys, 6, 3)
    mistake(
      'shrink-allowed',
      returned !== undefined,
      'From 6 to 3 was planned like any other change. The broker refuses it (INVALID_PARTITIONS); the only way back is a new topic.',
    )
    expect(threw).toBeDefined()
  },
)
