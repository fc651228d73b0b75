import './command-line.topics.ts'
import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { inputsOf, meaningOf } from './command-line.golden.ts'
import { at, check, expectMeaning, group, here, inside, mentions, orders } from './command-line.intents.ts'
import type { CliIntent, ToolIntent } from './command-line.ts'

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
    const { want, until } = meaningOf(line)
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
    mistake(
      'ends-by-itself',
      until !== undefined,
      'The tool was told when to stop. It shows what it got until then, which can be nothing, and what is written a minute later nobody sees.',
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
      'Somebody wanted to see what a reset would do, and it is done. Where the group was before, no tool shows any more.',
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
