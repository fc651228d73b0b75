import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CliIntent, ToolIntent } from '../../../exercises/22-command-line/command-line.ts'
import { groupView } from '../../check/group-view.ts'
import { topicView } from '../../check/topic-view.ts'
import { type Client, connect } from '../../kafka/client/client.ts'
import { haveKafkaTools, startLine } from '../kafka/clients/kafka-tools.ts'
import type { Running } from '../kafka/clients/program.ts'
import { freshName, testBroker } from '../kafka/test-broker.ts'
import { commit } from './commit.ts'

/*
 * The lines of exercise 22, run by Kafka's own tools on a broker (the embedded one unless WORKBOOK_TEST_BROKER names another):
 * what the solution and the alternatives say happens, and what the checks know of the tools is so.
 */

type ToArgs = (intent: CliIntent) => string[]

interface Names {
  topic: string
  group: string
}

/** An intent that is carried out. */
interface Trial {
  intent(names: Names): ToolIntent
  /** Brings the broker into the state that the intent needs. */
  given(names: Names): Promise<unknown>
  input?: string
  /** Waits for the effect; the tool may still be at work. */
  seen(names: Names, tool: Running): Promise<unknown>
}

const POLL = { timeout: 100_000, interval: 50 }
const HOUR = 3_600_000
const FOLDER = fileURLToPath(new URL('../../../solutions/22-command-line', import.meta.url))
const start = Date.now()
const orders = ['{"order":1}', '{"order":2}', '{"order":3}']

let broker: { bootstrap: string; close(): Promise<void> }
let client: Client

const topicOf = ({ topic }: Names) => topicView(client, topic)
const groupOf = ({ topic, group }: Names) => groupView(client, group, topic)
const make = (partitions: number) => (names: Names) => topicOf(names).create({ partitions })

/** A topic with three orders, the first three hours old, the last one hour. */
async function full(names: Names): Promise<void> {
  await make(1)(names)
  const records = orders.map((value, at) => ({ key: `ORD-${at}`, value, timestamp: start - (3 - at) * HOUR }))
  await topicOf(names).append(records)
}

/** All of it was handled. */
async function handled(names: Names): Promise<void> {
  await full(names)
  await commit(client, names, 3n)
}

async function committed(names: Names, offset: number, tool: Running): Promise<void> {
  await tool.ended
  expect(await groupOf(names).committed()).toEqual({ 0: String(offset) })
}

async function stored(names: Names, record: { key: string | null; value: string }, tool: Running) {
  await tool.ended
  expect(await topicOf(names).records()).toMatchObject([record])
}

/** What the console consumer prints, apart from its warning of old names, which stands among the records. */
const shows = (tool: Running, lines: string[]) =>
  expect.poll(() => tool.lines.filter((line) => !line.includes('is deprecated')), POLL).toEqual(lines)
const says = async (tool: Running, text: RegExp) => expect((await tool.ended).stdout).toMatch(text)

const replay = { want: 'replay', from: 'start', onlyShow: false } as const
const write = { want: 'write', keySeparator: ':', input: 'pipe' } as const
const trials: Record<string, Trial> = {
  'a topic is created': {
    intent: ({ topic }) => ({
      want: 'create-topic',
      topic,
      partitions: 3,
      replicationFactor: 1,
      brokers: 1,
    }),
    given: async () => {},
    seen: (names) => expect.poll(() => topicOf(names).partitions(), POLL).toBe(3),
  },
  'topics are listed': {
    intent: () => ({ want: 'list-topics' }),
    given: make(1),
    seen: ({ topic }, tool) => says(tool, new RegExp(`^${topic}$`, 'm')),
  },
  'a topic is described': {
    intent: ({ topic }) => ({ want: 'describe-topic', topic }),
    given: make(2),
    seen: ({ topic }, tool) =>
      says(tool, new RegExp(`^Topic: ${topic}\t(.*\n){2}.*Partition: 1\t.*Isr: \\d`)),
  },
  'a topic grows': {
    intent: ({ topic }) => ({ want: 'grow-topic', topic, partitions: 5, now: 2 }),
    given: make(2),
    seen: (names) => expect.poll(() => topicOf(names).partitions(), POLL).toBe(5),
  },
  'a topic is deleted': {
    intent: ({ topic }) => ({ want: 'delete-topic', topic }),
    given: make(1),
    seen: (names) => expect.poll(() => topicOf(names).partitions(), POLL).toBeNull(),
  },
  'records are kept for three days': {
    intent: ({ topic }) => ({ want: 'keep-records', topic, hours: 72 }),
    given: make(1),
    seen: (names) => expect.poll(() => topicOf(names).config('retention.ms'), POLL).toBe('259200000'),
  },
  'lines become records with keys': {
    intent: ({ topic }) => ({ ...write, topic }),
    given: make(1),
    input: 'ORD-1:{"qty":1}\n',
    seen: (names, tool) => stored(names, { key: 'ORD-1', value: '{"qty":1}' }, tool),
  },
  'lines become records without keys': {
    intent: ({ topic }) => ({ ...write, topic, keySeparator: null }),
    given: make(1),
    input: 'ORD-1:{"qty":1}\n',
    seen: (names, tool) => stored(names, { key: null, value: 'ORD-1:{"qty":1}' }, tool),
  },
  'everything is read': {
    intent: ({ topic }) => ({ want: 'read-all', topic }),
    given: full,
    seen: (_, tool) => shows(tool, orders),
  },
  'a new group begins at the start': {
    intent: (names) => ({ ...names, want: 'join-group', newGroupFrom: 'start', print: ['key', 'partition'] }),
    given: full,
    seen: async (names, tool) => {
      await shows(
        tool,
        orders.map((value, at) => `Partition:0\tORD-${at}\t${value}`),
      )
      expect(await groupOf(names).state()).toBe('Stable')
    },
  },
  'a new group begins at the end': {
    intent: (names) => ({ ...names, want: 'join-group', newGroupFrom: 'end', print: [] }),
    given: full,
    async seen(names, tool) {
      await expect.poll(() => groupOf(names).state(), POLL).toBe('Stable')
      // Nothing tells when it has found its place, so one more record comes until one is shown.
      const showsMore = async () => {
        await topicOf(names).append([{ value: 'new' }])
        // The tool tells on standard output of names that are old.
        return tool.lines.filter((line) => !line.includes(' is deprecated '))[0]
      }
      await expect.poll(showsMore, POLL).toBe('new')
    },
  },
  'groups are listed': {
    intent: () => ({ want: 'list-groups' }),
    given: handled,
    seen: ({ group }, tool) => says(tool, new RegExp(`^${group}\\b`, 'm')),
  },
  'a group is described': {
    intent: ({ group }) => ({ want: 'describe-group', group }),
    given: handled,
    seen: ({ topic, group }, tool) => says(tool, new RegExp(`^${group} +${topic} +0 .*\\b3 +3 +0 `, 'm')),
  },
  'a group goes back to the start': {
    intent: (names) => ({ ...replay, ...names }),
    given: handled,
    seen: (names, tool) => committed(names, 0, tool),
  },
  'a group goes back to an instant': {
    intent: (names) => ({ ...replay, ...names, from: new Date(start - 2.5 * HOUR).toISOString() }),
    given: handled,
    seen: (names, tool) => committed(names, 1, tool),
  },
  'a plan is shown, and the group stays': {
    intent: (names) => ({ ...replay, ...names, onlyShow: true }),
    given: handled,
    seen: async (names, tool) => {
      await says(tool, new RegExp(`^${names.group} +${names.topic} +0 +0 *$`, 'm'))
      await committed(names, 3, tool)
    },
  },
}

const fresh = (): Names => ({ topic: freshName(), group: freshName() })
const lineOf = (toArgs: ToArgs, intent: ToolIntent) =>
  toArgs({ ...intent, place: { server: broker.bootstrap, container: null } })

/** Carries out one trial by one answer. */
async function carryOut(toArgs: ToArgs, { intent, given, input, seen }: Trial): Promise<void> {
  const names = fresh()
  await given(names)
  const tool = startLine(lineOf(toArgs, intent(names)), input)
  const died = tool.ended.then(({ code, stdout, stderr }) => {
    if (code !== 0) throw new Error(`It ended with ${code}: ${stdout}${stderr}`)
    return new Promise<never>(() => {})
  })
  // Whoever is stopped in the end dies, too.
  died.catch(() => {})
  try {
    await Promise.race([seen(names, tool), died])
  } finally {
    await tool.stop()
  }
}

/** A line apart from the order of its words, and from how a flag and its value are put together. */
function sorted([, ...words]: string[]): string {
  return words
    .flatMap((word) => word.replace(/^-+/, '').split('='))
    .toSorted()
    .join(' ')
}

async function loadAnswer(...file: string[]): Promise<ToArgs> {
  const { href } = pathToFileURL(path.join(FOLDER, ...file))
  return ((await import(href)) as { toArgs: ToArgs }).toArgs
}

describe.skipIf(!haveKafkaTools())("Kafka's tools and exercise 22", { timeout: 180_000 }, () => {
  let answers: ToArgs[]

  beforeAll(async () => {
    broker = await testBroker()
    client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
    const alternatives = readdirSync(path.join(FOLDER, 'alternatives'))
    answers = [
      await loadAnswer('command-line.ts'),
      ...(await Promise.all(alternatives.map((file) => loadAnswer('alternatives', file)))),
    ]
  })

  afterAll(async () => {
    client.close()
    await broker.close()
  })

  test.for(Object.entries(trials))('%s', async ([, trial]) => {
    // A Java process for each: the same words in another order are not worth one.
    const sample = trial.intent({ topic: 'any', group: 'any' })
    const different = new Map(answers.toReversed().map((toArgs) => [sorted(lineOf(toArgs, sample)), toArgs]))
    await Promise.all([...different.values()].map((toArgs) => carryOut(toArgs, trial)))
  })
})
