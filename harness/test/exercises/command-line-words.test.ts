import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { meaningOf } from '../../../exercises/22-command-line/command-line.golden.ts'
import { toolOptions } from '../../../exercises/22-command-line/command-line.words.ts'
import { topicView } from '../../check/topic-view.ts'
import { type Client, connect } from '../../kafka/client/client.ts'
import { haveKafkaTools, startLine } from '../kafka/clients/kafka-tools.ts'
import { freshName, testBroker } from '../kafka/test-broker.ts'

/*
 * What the checks of exercise 22 know of Kafka's tools, asked of the tools: their options, what they refuse, and what they
 * do without an error although somebody meant something else.
 */

/** The options of a `--help`, in the notation of `toolOptions`; what needs a value may have it on its second line. */
const OPTION = /^(?:\* )?--([a-z][\w.-]*)(?: +([<[])| +[^<[\n]*\n {2}([<[]))?/gm

describe.skipIf(!haveKafkaTools())("Kafka's tools and the words of exercise 22", { timeout: 180_000 }, () => {
  let broker: { bootstrap: string; close(): Promise<void> }
  let client: Client

  beforeAll(async () => {
    broker = await testBroker()
    client = await connect(broker.bootstrap, { timeoutMs: 10_000 })
  })

  afterAll(async () => {
    client.close()
    await broker.close()
  })

  test.for(Object.entries(toolOptions))('%s has these options', async ([tool, options]) => {
    const { stdout, stderr } = await startLine([tool, '--help']).ended
    const help = [...`${stdout}\n${stderr}`.matchAll(OPTION)].map(
      ([, name, first, second]) => `${name}${{ '<': '=', '[': '?' }[first ?? second ?? ''] ?? ''}`,
    )
    const known = options.replaceAll('*', '').split(/\s+/)
    expect(known.toSorted()).toEqual(help.toSorted())
  })

  test.for([
    'kafka-topics --list --zookeeper SERVER',
    'kafka-topics --list --bootstrap-server_SERVER',
    'kafka-topics --list --bootstrap-server SERVER --bootstrap-server SERVER',
    'kafka-topics --bootstrap-server SERVER --create --partitions 3',
    'kafka-topics --bootstrap-server SERVER --alter --topic any --config retention.ms=1',
    'kafka-configs --bootstrap-server SERVER --alter --topic a --entity-type topics --entity-name a --add-config b=c',
    'kafka-console-producer --broker-list SERVER --topic any',
    'kafka-console-producer --bootstrap-server SERVER --topic a --reader-property b=c --property d=e',
    'kafka-console-consumer --bootstrap-server SERVER --topic a --group',
    'kafka-consumer-groups --bootstrap-server SERVER --list --group any',
    'kafka-consumer-groups --bootstrap-server SERVER --reset-offsets --group any --to-earliest --execute',
  ])('%s is refused', async (line) => {
    const words = line.split(' ').map((word) => word.replace('SERVER', broker.bootstrap).replace('_', ' '))
    const { stdout, stderr, code } = await startLine(words).ended
    expect(code).not.toBe(0)
    const { refused } = meaningOf(words)
    expect(refused).toBeDefined()
    expect(stdout + stderr).toContain(refused)
  })

  /** A topic of one partition, and the words that every line about it has. */
  async function about() {
    const name = freshName()
    const topic = topicView(client, name)
    await topic.create({ partitions: 1 })
    return { topic, words: ['--bootstrap-server', broker.bootstrap, '--topic', name] }
  }

  test('a topic that exists is not created again, and no error says so', async () => {
    const { topic, words } = await about()
    const line = ['kafka-topics', ...words, '--create', '--if-not-exists', '--partitions', '6']
    expect(await startLine(line).ended).toMatchObject({ code: 0 })
    expect(await topic.partitions()).toBe(1)
  })

  test('a broker may be named twice, and a setting that holds anyway', async () => {
    const { words } = await about()
    const [flag = '', server, ...topic] = words
    const said = ['--request-required-acks', '-1', '--reader-property', 'parse.headers=false']
    const line = ['kafka-console-producer', flag, `${server},${server}`, ...topic, ...said]
    expect(await startLine(line, 'a\n').ended).toMatchObject({ code: 0 })
    expect(meaningOf(line)).toEqual(meaningOf(['kafka-console-producer', ...words]))
  })

  test('a reset is a rehearsal, and warns of version 5.0', async () => {
    const { words } = await about()
    const line = [
      'kafka-consumer-groups',
      ...words,
      '--reset-offsets',
      '--group',
      freshName(),
      '--to-earliest',
    ]
    const { stdout, stderr, code } = await startLine(line).ended
    expect(code).toBe(0)
    expect(stdout + stderr).toContain(
      'In version 5.0, this command will require either --dry-run or --execute to be specified',
    )
    expect(meaningOf(line)).toMatchObject({ want: 'replay', onlyShow: true })
  })

  test.for<[flag: string, properties: string[], key: string | null, value: string]>([
    ['--command-property', ['parse.key=true', 'key.separator=:'], null, 'a:=b c'],
    ['--reader-property', ['key.separator=:'], null, 'a:=b c'],
    ['--reader-property', ['parse.key=true', 'key.separator=='], 'a:', 'b c'],
    ['--reader-property', ['parse.key=true', 'key.separator= '], 'a:=b', 'c'],
  ])('%s %j', async ([flag, properties, key, value]) => {
    const { topic, words } = await about()
    const line = ['kafka-console-producer', ...words, ...properties.flatMap((one) => [flag, one])]
    expect(await startLine(line, 'a:=b c\n').ended).toMatchObject({ code: 0 })
    expect(await topic.records()).toMatchObject([{ key, value }])
    const separator = key === null ? null : properties[1]?.at(-1)
    expect(meaningOf(line)).toMatchObject({ want: 'write', keySeparator: separator })
  })
})
