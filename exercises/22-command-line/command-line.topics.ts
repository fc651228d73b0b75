// The first checks: the cluster, and its topics.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { meaningOf } from './command-line.golden.ts'
import { at, check, expectMeaning, group, here, mentions, orders } from './command-line.intents.ts'

check(
  'any-broker',
  'A tool is given one broker, and learns from it where all the others are',
  async ({ answer }) => {
    const intent = at(here, { want: 'list-topics' })
    const line = await answer.toArgs(intent)
    mistake(
      'flag-and-value-in-one-word',
      /^\S+ +\S/m.test([line].flat().join('\n')),
      'One word holds a flag and its value, with a space between them. A shell would have made two of it, and here is none: the tool looks for a flag whose name has a space in it.',
    )
    mistake(
      'zookeeper',
      mentions(line, 'zookeeper'),
      'ZooKeeper was asked for. A cluster of Kafka 4 has none, and the tools do not know that flag any more: "zookeeper is not a recognized option".',
    )
    expectMeaning(line, intent)
  },
)

check(
  'create',
  'A topic is created with the numbers that it is told; where one is missing, the broker has a number of its own',
  { after: 'any-broker' },
  async ({ answer }) => {
    const intent = at(here, {
      want: 'create-topic',
      ...orders,
      partitions: 3,
      replicationFactor: 1,
      brokers: 1,
    })
    const line = await answer.toArgs(intent)
    mistake(
      'numbers-left-out',
      meaningOf(line).partitions === 'left to the broker',
      'Nothing is said about partitions, so the broker takes its own number, usually 1. The topic is there, no error came, and two of three members will be idle.',
    )
    expectMeaning(line, intent)
  },
)

check(
  'a-broker-for-each-copy',
  'Every copy of a partition lies on a broker of its own, so there are no more copies than brokers',
  { after: 'create' },
  async ({ answer }) => {
    const topic = { want: 'create-topic', ...orders, partitions: 3 } as const
    const fits = at(here, { ...topic, replicationFactor: 3, brokers: 3 })
    expectMeaning(await answer.toArgs(fits), fits)
    const tooMany = at(here, { ...topic, replicationFactor: 3, brokers: 2 })
    const { returned, threw } = await answer.toArgs.outcome(tooMany)
    const copies = returned && meaningOf(returned).replicationFactor
    mistake(
      'more-copies-than-brokers',
      copies === 3,
      'Three copies on two brokers: Kafka refuses this line, and no topic is created (INVALID_REPLICATION_FACTOR).',
    )
    mistake(
      'fewer-copies-in-silence',
      copies === 2 || copies === 1,
      'Three copies were wanted, and fewer are made without a word. Somebody relies on the third one, and finds out on the day when it is needed.',
    )
    expect(threw).toBeDefined()
  },
)

check(
  'look-and-list',
  'Topics and groups are seen from outside: the tools ask the brokers, no consumer has to run',
  { after: 'any-broker' },
  async ({ answer }) => {
    const intents = [
      at(here, { want: 'describe-topic', ...orders }),
      at(here, { want: 'list-groups' }),
      at(here, { want: 'describe-group', group }),
    ]
    const lines = await answer.toArgs.each(intents.map((intent) => [intent]))
    mistake(
      'all-topics-described',
      meaningOf(lines[0] ?? []).topic === '.*',
      'One topic was asked about, and every topic of the cluster is described, the internal ones with their dozens of partitions among them.',
    )
    for (const [index, intent] of intents.entries()) expectMeaning(lines[index] ?? [], intent)
  },
)

check(
  'grow',
  'More partitions are a change to the topic that is there',
  { after: 'create' },
  async ({ answer }) => {
    const intent = at(here, { want: 'grow-topic', ...orders, partitions: 6, now: 3 })
    const line = await answer.toArgs(intent)
    mistake(
      'created-again',
      meaningOf(line).want === 'create-topic',
      'This creates a topic, and it exists. Kafka compares nothing and changes nothing; told not to mind, the tool even ends as if all were well, and there are still three partitions.',
    )
    expectMeaning(line, intent)
  },
)

check(
  'only-more',
  'A topic can only get more partitions: fewer are refused, and so is the same number',
  { after: 'grow' },
  async ({ answer }) => {
    const resize = (partitions: number) =>
      answer.toArgs.outcome(at(here, { want: 'grow-topic', ...orders, partitions, now: 6 }))
    const [fewer, same] = [await resize(3), await resize(6)]
    mistake(
      'shrink',
      fewer.returned !== undefined,
      'From 6 to 3 became a line like any other. Kafka refuses it: nobody could say where the records of the other three should go.',
    )
    expect(fewer.threw).toBeDefined()
    expect(same.threw, 'the same number').toBeDefined()
  },
)

check(
  'delete',
  'To delete a topic is to delete its records; the tool does not ask twice',
  { after: 'look-and-list' },
  async ({ answer }) => {
    const intent = at(here, { want: 'delete-topic', ...orders })
    expectMeaning(await answer.toArgs(intent), intent)
  },
)

check(
  'retention',
  'The settings of a topic have a tool of their own, and each setting has its unit',
  { after: 'any-broker' },
  async ({ answer }) => {
    const intent = at(here, { want: 'keep-records', ...orders, hours: 72 })
    const line = await answer.toArgs(intent)
    const { refused, hours, settings } = meaningOf(line)
    mistake(
      'settings-by-kafka-topics',
      String(refused).includes('kafka-configs'),
      'kafka-topics takes settings only for a topic that it creates. For one that exists it refuses them, and names the tool that knows how.',
    )
    mistake(
      'hours-as-milliseconds',
      hours === 72 / 3_600_000,
      'The setting counts milliseconds, and was given 72 of them. All that is older is deleted at the next look, which is nearly everything.',
    )
    mistake(
      'setting-of-the-broker',
      /hours|minutes|^log\./.test(String(settings)),
      'That is a setting of the broker, which holds for topics that have none of their own. No topic has one by that name: INVALID_CONFIG.',
    )
    expectMeaning(line, intent)
  },
)
