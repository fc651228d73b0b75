import { expect } from 'vitest'
import { checksFor, mistake } from '#workbook/check'
import { inputsOf, type Meaning, meaningOf } from './command-line.golden.ts'
import type * as yours from './command-line.ts'
import type { CliIntent, Place, ToolIntent } from './command-line.ts'

const check = checksFor<{ answer: typeof yours }>(import.meta.url)

const here: Place = { server: 'localhost:9092', container: null }
const inside: Place = { server: 'localhost:9092', container: 'kafka-kafka-1' }
const orders = { topic: 'book-orders' }
const group = 'inventory-service-group'

const at = (place: Place, intent: ToolIntent): CliIntent => ({ ...intent, place })

/** All of an intent that a line can say. */
function asked(intent: CliIntent): Meaning {
  const { brokers, now, input, ...said } = intent as Meaning
  return said
}

const mentions = (line: string[], text: string) => [line].flat().join('\n').includes(text)

/** The line does what the intent asks for, and nothing else. */
function expectMeaning(line: string[], intent: CliIntent): void {
  expect(meaningOf(line), [line].flat().join(' ')).toEqual(asked(intent))
}

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

check(
  'keys',
  'The console producer makes one record of each line, and looks for a key only when it is told to',
  { after: 'any-broker' },
  async ({ answer }) => {
    const write = (keySeparator: string | null) =>
      at(here, { want: 'write', ...orders, keySeparator, input: 'pipe' })
    const intent = write(':')
    const line = await answer.toArgs(intent)
    const { keySeparator, client } = meaningOf(line)
    mistake(
      'broker-list',
      mentions(line, 'broker-list'),
      'The producer had a flag of its own for the address, long ago. Since 4.0 it is gone: "broker-list is not a recognized option".',
    )
    mistake(
      'key-as-client-setting',
      client !== undefined && 'parse.key' in (client as object),
      'The client that sends was told to look for keys. It gets finished records, warns of a setting that it does not know, and sends every line as a value without a key.',
    )
    mistake(
      'separator-alone',
      keySeparator === null && mentions(line, 'key.separator='),
      'A separator is named, and nobody was told to look for keys. Every line becomes a value, "ORD-001:" and all, and the events of one order are scattered.',
    )
    expectMeaning(line, intent)
    const keyless = write(null)
    expectMeaning(await answer.toArgs(keyless), keyless)
  },
)

check(
  'read-all',
  'A consumer without commits begins at the end, so what is there already has to be asked for',
  { after: 'any-broker' },
  async ({ answer }) => {
    const intent = at(here, { want: 'read-all', ...orders })
    const line = await answer.toArgs(intent)
    const { want } = meaningOf(line)
    mistake(
      'begins-at-the-end',
      String(want).startsWith('read only'),
      'The topic is full and the screen stays empty. This shows only what is written from now on.',
    )
    mistake(
      'group-for-a-look',
      want === 'join-group',
      'A look was wanted, and a group joins. It commits what it shows: the same line shows nothing the next time, and with the group of a service it takes partitions away from it.',
    )
    expectMeaning(line, intent)
  },
)

check(
  'join-group',
  'Terminals with the same group share the partitions; a terminal without one is a group by itself',
  { after: 'read-all' },
  async ({ answer }) => {
    const join = { want: 'join-group', ...orders, group } as const
    const intent = at(here, { ...join, newGroupFrom: 'end', print: ['offset', 'partition'] })
    const line = await answer.toArgs(intent)
    mistake(
      'no-group',
      /^read/.test(String(meaningOf(line).want)),
      'No group is named, so the tool makes up a new one each time. Three terminals with this line show every record three times.',
    )
    expectMeaning(line, intent)
    const fromStart = at(here, { ...join, newGroupFrom: 'start', print: ['key'] })
    expectMeaning(await answer.toArgs(fromStart), fromStart)
  },
)

const since = '2026-03-11T08:30:00.000Z'

check(
  'replay',
  'A group that has committed goes back only when its commits are set back',
  { after: 'join-group' },
  async ({ answer }) => {
    const replay = { want: 'replay', ...orders, group, onlyShow: false } as const
    const intent = at(here, { ...replay, from: 'start' })
    const line = await answer.toArgs(intent)
    const { want, onlyShow, topic } = meaningOf(line)
    mistake(
      'from-beginning-for-commits',
      want === 'join-group',
      'The group has committed, and a consumer of it was told to begin at the beginning. It goes on where the group stopped and shows nothing old: that flag is for groups without a commit.',
    )
    mistake(
      'dry-run-only',
      want === 'replay' && onlyShow === true,
      'The tool prints a table of new offsets, and no commit has moved. By default a reset only shows what it would do.',
    )
    mistake(
      'all-topics',
      topic === 'all topics',
      'Every topic of the group was set back. Payments of last year are handled again, because orders had to be.',
    )
    expectMeaning(line, intent)
    const fromThere = at(here, { ...replay, from: since })
    const lineFromThere = await answer.toArgs(fromThere)
    mistake(
      'everything-again',
      meaningOf(lineFromThere).from === 'start',
      'What came after a moment was to be handled again, and everything since the start of the log is: years of e-mails, for a fault of three days.',
    )
    expectMeaning(lineFromThere, fromThere)
  },
)

check(
  'show-the-plan',
  'A reset can be looked at before it is made',
  { after: 'replay' },
  async ({ answer }) => {
    const intent = at(here, { want: 'replay', ...orders, group, from: since, onlyShow: true })
    const line = await answer.toArgs(intent)
    mistake(
      'plan-carried-out',
      meaningOf(line).onlyShow === false,
      'Somebody wanted to see what a reset would do, and it is done. Where the group was before is not written down anywhere.',
    )
    expectMeaning(line, intent)
  },
)

check(
  'in-a-container',
  'In the image of Kafka the tools lie in a folder that is not on its PATH',
  { after: ['create', 'look-and-list'] },
  async ({ answer }) => {
    const intents = [
      at(inside, { want: 'list-topics' }),
      at(inside, { want: 'describe-group', group }),
      at({ server: 'kafka:19092', container: 'shop-broker' }, { want: 'describe-topic', ...orders }),
    ]
    const lines = await answer.toArgs.each(intents.map((intent) => [intent]))
    mistake(
      'not-on-the-path',
      /^exec: "[^/]*":/.test(String(meaningOf(lines[0] ?? []).refused)),
      'The container was given a bare name, and it has nothing by that name where it looks: "executable file not found in $PATH".',
    )
    for (const [index, intent] of intents.entries()) expectMeaning(lines[index] ?? [], intent)
  },
)

check(
  'input-into-a-container',
  'What is typed or piped reaches a tool in a container only if Docker is told to pass it on',
  { after: ['in-a-container', 'keys'] },
  async ({ answer }) => {
    const write = (input: 'keyboard' | 'pipe') =>
      at(inside, { want: 'write', ...orders, keySeparator: ':', input })
    const [typed, piped] = [await answer.toArgs(write('keyboard')), await answer.toArgs(write('pipe'))]
    expectMeaning(typed, write('keyboard'))
    expectMeaning(piped, write('pipe'))
    const reaches = { typed: inputsOf(typed).includes('keyboard'), piped: inputsOf(piped).includes('pipe') }
    mistake(
      'no-input',
      !reaches.typed && !reaches.piped,
      'The producer runs in the container, and nothing is passed on to it: its input is at the end before it begins. It ends without a record and without an error.',
    )
    mistake(
      'terminal-for-a-pipe',
      reaches.typed && !reaches.piped,
      'A terminal was asked for, and the lines come through a pipe. Docker refuses: "the input device is not a TTY".',
    )
    expect(reaches).toEqual({ typed: true, piped: true })
  },
)

check(
  'start-and-stop',
  'Containers can be thrown away and made again; the records are in a volume, which outlives them',
  async ({ answer }) => {
    const intents: CliIntent[] = [
      { want: 'start-kafka' },
      { want: 'show-containers' },
      { want: 'show-logs', follow: true },
      { want: 'show-logs', follow: false },
      { want: 'remove-kafka', data: 'keep' },
      { want: 'remove-kafka', data: 'delete' },
    ]
    const lines = await answer.toArgs.each(intents.map((intent) => [intent]))
    const [started, , , , kept] = lines.map(meaningOf)
    mistake(
      'in-the-foreground',
      String(started?.want).startsWith('run Kafka in this terminal'),
      'This terminal shows the log from now on, and Ctrl+C in it stops Kafka.',
    )
    mistake(
      'volume-thrown-away',
      kept?.data === 'delete',
      'The data were to be kept, and the volume goes with the containers: all topics, all records, all commits.',
    )
    for (const [index, intent] of intents.entries()) expectMeaning(lines[index] ?? [], intent)
  },
)

check(
  'any-names',
  'A tool knows nothing of books and orders: every name, number and address comes from the line',
  {
    after: [
      'a-broker-for-each-copy',
      'only-more',
      'delete',
      'retention',
      'show-the-plan',
      'input-into-a-container',
      'start-and-stop',
    ],
  },
  async ({ answer, random }) => {
    const name = (start: string) => `${start}-${random.int(1, 999_999)}`
    const number = (from = 1) => random.int(from, 50)
    const intents = Array.from({ length: 20 }, () => {
      const [topic, group, small] = [name('topic'), name('group'), number()]
      const all: ToolIntent[] = [
        { want: 'create-topic', topic, partitions: number(), replicationFactor: small, brokers: small },
        { want: 'list-topics' },
        { want: 'describe-topic', topic },
        { want: 'grow-topic', topic, partitions: small + number(), now: small },
        { want: 'delete-topic', topic },
        { want: 'keep-records', topic, hours: number() },
        {
          want: 'write',
          topic,
          keySeparator: random.pick([':', '=', '|', ';', '\t', ' ', '--', '->']),
          input: random.pick(['keyboard', 'pipe']),
        },
        { want: 'read-all', topic },
        {
          want: 'join-group',
          topic,
          group,
          newGroupFrom: random.pick(['start', 'end']),
          print: (['key', 'offset', 'partition'] as const).filter(() => random.int(0, 1) === 1),
        },
        { want: 'list-groups' },
        { want: 'describe-group', group },
        {
          want: 'replay',
          group,
          topic,
          from: random.pick(['start', new Date(1.7e12 + random.int(0, 1e9)).toISOString()]),
          onlyShow: random.int(0, 1) === 1,
        },
      ]
      const server = `${name('broker')}:${random.int(1024, 65_535)}`
      const container = random.pick([null, name('kafka')])
      return at({ server, container }, random.pick(all))
    })
    const lines = await answer.toArgs.each(intents.map((intent) => [intent]))
    for (const [index, intent] of intents.entries()) expectMeaning(lines[index] ?? [], intent)
  },
)
