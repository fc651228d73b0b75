// Another way: a table with the flags of each intent, in the older names, flag and value in one word.

/** Where one of Kafka's tools runs, and whom it asks first. */
export interface Place {
  /** host:port of a broker, as it is called where the tool runs. */
  server: string
  /** The container whose tools are used (image apache/kafka); null: those of this machine. */
  container: string | null
}

export type Print = 'key' | 'partition' | 'offset'

/** What one of Kafka's tools is to do. */
export type ToolIntent =
  | { want: 'create-topic'; topic: string; partitions: number; replicationFactor: number; brokers: number }
  | { want: 'list-topics' }
  | { want: 'describe-topic'; topic: string }
  | { want: 'grow-topic'; topic: string; partitions: number; now: number }
  | { want: 'delete-topic'; topic: string }
  | { want: 'keep-records'; topic: string; hours: number }
  | { want: 'write'; topic: string; keySeparator: string | null; input: 'keyboard' | 'pipe' }
  | { want: 'read-all'; topic: string }
  | { want: 'join-group'; topic: string; group: string; newGroupFrom: 'start' | 'end'; print: Print[] }
  | { want: 'list-groups' }
  | { want: 'describe-group'; group: string }
  | { want: 'replay'; group: string; topic: string; from: string; onlyShow: boolean }

/** What Docker is to do with the workbook's own Kafka: the service `kafka` of `docker-compose.yml`. */
export type StackIntent =
  | { want: 'start-kafka' }
  | { want: 'show-containers' }
  | { want: 'show-logs'; follow: boolean }
  | { want: 'remove-kafka'; data: 'keep' | 'delete' }

export type CliIntent = StackIntent | (ToolIntent & { place: Place })

// A table: what each intent is in flags. A flag that is true stands alone, one that is false is left out. Long flags, each in one
// word with its value, the server last, and the names from before Kafka 4.2 for every kind of property.

type Flags = Record<string, string | number | boolean | readonly string[]>
type Tool = 'topics' | 'configs' | 'console-producer' | 'console-consumer' | 'consumer-groups'
type Line = readonly [tool: Tool, flags: Flags]
type Of<I extends { want: string }, W extends I['want']> = Extract<I, { want: W }>

const ALL_PRINTS: readonly Print[] = ['key', 'partition', 'offset']

const LINES: { [W in ToolIntent['want']]: (intent: Of<ToolIntent, W>) => Line } = {
  'create-topic': ({ topic, partitions, replicationFactor, brokers }) =>
    replicationFactor > brokers
      ? no(`${replicationFactor} copies do not fit on ${brokers} brokers`)
      : [
          'topics',
          {
            create: true,
            'if-not-exists': true,
            topic,
            partitions,
            'replication-factor': replicationFactor,
          },
        ],
  'list-topics': () => ['topics', { list: true }],
  'describe-topic': ({ topic }) => ['topics', { describe: true, topic }],
  'grow-topic': ({ topic, partitions, now }) =>
    partitions > now
      ? ['topics', { alter: true, topic, partitions }]
      : no(`${partitions} partitions are not more than ${now}`),
  'delete-topic': ({ topic }) => ['topics', { delete: true, 'if-exists': true, topic }],
  'keep-records': ({ topic, hours }) => [
    'configs',
    {
      'entity-type': 'topics',
      'entity-name': topic,
      alter: true,
      'add-config': `retention.ms=${Math.round(hours * 3_600_000)}`,
    },
  ],
  write: ({ topic, keySeparator }) => [
    'console-producer',
    {
      property:
        keySeparator === null ? ['parse.key=false'] : [`key.separator=${keySeparator}`, 'parse.key=true'],
      topic,
    },
  ],
  'read-all': ({ topic }) => ['console-consumer', { 'from-beginning': true, topic }],
  'join-group': ({ topic, group, newGroupFrom, print }) => [
    'console-consumer',
    {
      topic,
      // What --from-beginning is for the client, said to the client.
      'consumer-property': `auto.offset.reset=${newGroupFrom === 'start' ? 'earliest' : 'latest'}`,
      property: ALL_PRINTS.map((what) => `print.${what}=${print.includes(what)}`),
      group,
    },
  ],
  'list-groups': () => ['consumer-groups', { list: true }],
  'describe-group': ({ group }) => ['consumer-groups', { group, describe: true }],
  replay: ({ group, topic, from, onlyShow }) => [
    'consumer-groups',
    {
      // Without --execute it is a rehearsal.
      execute: !onlyShow,
      'to-earliest': from === 'start',
      'to-datetime': from !== 'start' && from,
      topic,
      group,
      'reset-offsets': true,
    },
  ],
}

const COMPOSE: { [W in StackIntent['want']]: (intent: Of<StackIntent, W>) => string[] } = {
  'start-kafka': () => ['up', '--detach', 'kafka'],
  'show-containers': () => ['ps', '--all'],
  'show-logs': ({ follow }) => ['logs', ...(follow ? ['--follow'] : []), 'kafka'],
  'remove-kafka': ({ data }) => ['down', ...(data === 'delete' ? ['--volumes'] : [])],
}

/** The words of a command line: the program, then its arguments. Throws for what Kafka would refuse to do. */
export const toArgs = (intent: CliIntent): string[] => {
  if (!('place' in intent)) {
    const words = COMPOSE[intent.want] as (intent: StackIntent) => string[]
    return ['docker', 'compose', '--file', 'docker-compose.yml', ...words(intent)]
  }
  const { container, server } = intent.place
  const line = LINES[intent.want] as (intent: ToolIntent) => Line
  const [tool, flags] = line(intent)
  const program =
    container === null
      ? [`kafka-${tool}`]
      : [
          'docker',
          'exec',
          ...(intent.want === 'write' ? ['--interactive'] : []), // for a pipe, and enough for a keyboard
          container,
          `/opt/kafka/bin/kafka-${tool}.sh`,
        ]
  return [...program, ...spell({ ...flags, 'bootstrap-server': server })]
}

/** { topic: 'orders', list: true, alter: false } becomes --topic=orders --list */
function spell(flags: Flags): string[] {
  return Object.entries(flags).flatMap(([name, given]) =>
    [given].flat().flatMap((value) => {
      if (value === false) return []
      return value === true ? [`--${name}`] : [`--${name}=${value}`]
    }),
  )
}

function no(why: string): never {
  throw new Error(`Kafka refuses: ${why}`)
}
