// The first checks: how many partitions `planPartitions` plans. Nothing to edit here.

import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import type * as yours from './plan-partitions.ts'
import type { Load } from './plan-partitions.ts'

export const check = checksFor<{ answer: typeof yours }>(import.meta.url)

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
