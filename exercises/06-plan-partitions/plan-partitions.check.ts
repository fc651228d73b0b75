import { Partitioners } from 'kafkajs'
import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as yours from './plan-partitions.ts'
import type { Load } from './plan-partitions.ts'

const check = checksFor<{ answer: typeof yours }>(import.meta.url)

/** 10 partitions for the producers, 5 for the consumers, 2 for the members. */
const load = (given: Partial<Load> = {}): [Load] => [
  {
    averagePerSecond: 300,
    peakPerSecond: 1000,
    headroomPercent: 0,
    writtenPerPartition: 100,
    handledPerConsumer: 200,
    members: 2,
    ...given,
  },
]

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
  'slowest-side',
  'A topic needs enough partitions for its producers and for its consumers, in the busiest minute',
  { about: 'planPartitions' },
  async ({ answer }) => {
    const plan = await answer.planPartitions(...load())
    mistake(
      'average-load',
      plan.partitions === 3,
      'Three partitions carry the average of 300 records per second. In the busiest minute 1000 come, and that is when the orders pile up.',
    )
    mistake(
      'consumer-side-only',
      plan.partitions === 5,
      'Five consumers handle 1000 records per second. But 100 can be written to one partition, so the producers do not get these records into five.',
    )
    mistake(
      'sum-of-needs',
      plan.partitions >= 15,
      'The needs of producers and consumers were added up. A partition that is written is the same one that is read.',
    )
    expect(plan).toMatchObject({
      partitions: 10,
      needs: { producers: 10, consumers: 5, members: 2 },
      limit: 'producers',
    })
    const slowConsumers = await answer.planPartitions(...load({ handledPerConsumer: 50 }))
    expect(slowConsumers, 'consumers that handle 50 per second').toMatchObject({
      partitions: 20,
      limit: 'consumers',
    })
  },
)

check(
  'round-up',
  'There is no half partition, so what is left over needs a whole one',
  { after: 'slowest-side', about: 'planPartitions' },
  async ({ answer }) => {
    const plans = await answer.planPartitions.each([
      load({ peakPerSecond: 1001 }),
      load({ peakPerSecond: 1001, handledPerConsumer: 90 }),
      load({ peakPerSecond: 1, averagePerSecond: 1, members: 1 }),
    ])
    mistake(
      'rounded-down',
      plans[0]?.needs.producers === 10,
      'Ten partitions take 1000 records per second, and 1001 come. The rest waits, and every second there is one more.',
    )
    expect(plans.map((plan) => plan.needs)).toEqual([
      { producers: 11, consumers: 6, members: 2 },
      { producers: 11, consumers: 12, members: 2 },
      { producers: 1, consumers: 1, members: 1 },
    ])
  },
)

check(
  'headroom',
  'Headroom is planned into the load, because growing later moves keys',
  { after: 'round-up', about: 'planPartitions' },
  async ({ answer }) => {
    const plan = await answer.planPartitions(...load({ headroomPercent: 25 }))
    mistake(
      'headroom-forgotten',
      plan.needs.producers === 10,
      'A quarter was to be kept free for growth. With these ten partitions the first good month brings the change that moves the keys.',
    )
    expect(plan).toMatchObject({ partitions: 13, needs: { producers: 13, consumers: 7 } })
  },
)

check(
  'exactly-enough',
  'One partition too many stays for ever: a topic never gets smaller',
  { after: 'headroom', about: 'planPartitions' },
  async ({ answer }) => {
    const plan = await answer.planPartitions(
      ...load({ peakPerSecond: 100, headroomPercent: 10, writtenPerPartition: 10 }),
    )
    mistake(
      'float-headroom',
      plan.needs.producers === 12,
      '110 records, ten for each partition, are 11 partitions, and 12 were planned. In JavaScript 100 * 1.1 is a tiny bit more than 110, and rounding up makes a partition of that bit.',
    )
    expect(plan.needs.producers).toBe(11)
  },
)

check(
  'members-and-ties',
  'In one group a partition has one reader, so fewer partitions than members leave somebody idle',
  { after: 'slowest-side', about: 'planPartitions' },
  async ({ answer }) => {
    const many = await answer.planPartitions(...load({ members: 12 }))
    mistake(
      'members-forgotten',
      many.partitions === 10,
      'Twelve members share ten partitions: two of them never get a record, and stand there as a reserve that nobody asked for.',
    )
    expect(many).toMatchObject({ partitions: 12, limit: 'members' })
    const ties = await answer.planPartitions.each([
      load({ handledPerConsumer: 100, members: 10 }),
      load({ members: 10 }),
      load({ handledPerConsumer: 50, members: 20 }),
    ])
    expect(ties.map(({ partitions, limit }) => `${partitions} ${limit}`)).toEqual([
      '10 producers',
      '10 producers',
      '20 consumers',
    ])
  },
)

check(
  'not-one-less',
  'The right number is enough for every side, and one less is not',
  { after: ['exactly-enough', 'members-and-ties'], about: 'planPartitions' },
  async ({ answer, random }) => {
    const loads = Array.from({ length: 2000 }, () =>
      load({
        averagePerSecond: random.int(1, 50_000),
        peakPerSecond: random.int(50_000, 500_000),
        headroomPercent: random.int(0, 100),
        writtenPerPartition: random.int(100, 20_000),
        handledPerConsumer: random.int(100, 20_000),
        members: random.int(1, 50),
      }),
    )
    const plans = await answer.planPartitions.each(loads)
    // In hundredths of a record, so that every number is whole.
    const enough = (partitions: number, [of]: [Load]) =>
      [of.writtenPerPartition, of.handledPerConsumer].every(
        (each) => partitions * each * 100 >= of.peakPerSecond * (100 + of.headroomPercent),
      ) && partitions >= of.members
    const wrong = loads.find((one, at) => {
      const { partitions } = plans[at] ?? { partitions: 0 }
      return !enough(partitions, one) || enough(partitions - 1, one)
    })
    expect(wrong?.[0], 'a load with too few or too many partitions').toBeUndefined()
  },
)

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
