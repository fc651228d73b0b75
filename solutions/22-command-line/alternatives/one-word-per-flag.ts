// A table with a row for each wish; flags and values in one word, and the names that properties had before Kafka 4.2.

export interface Place {
  server: string
  container: string | null
}

export type Print = 'key' | 'partition' | 'offset'

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

export type StackIntent =
  | { want: 'start-kafka' }
  | { want: 'show-containers' }
  | { want: 'show-logs'; follow: boolean }
  | { want: 'remove-kafka'; data: 'keep' | 'delete' }

export type CliIntent = StackIntent | (ToolIntent & { place: Place })

type Row<W> = (intent: Extract<CliIntent, { want: W }>) => string[]
type Table = { [W in CliIntent['want']]: Row<W> }

const HOUR = 60 * 60 * 1000
const when = (wanted: boolean, ...words: string[]) => (wanted ? words : [])

function refuse(reason: string): never {
  throw new RangeError(reason)
}

const table: Table = {
  'start-kafka': () => ['up', '-d', '--wait', 'kafka'],
  'show-containers': () => ['ps', '--all'],
  'show-logs': ({ follow }) => ['logs', ...when(follow, '-f'), 'kafka'],
  'remove-kafka': ({ data }) => ['down', ...when(data === 'delete', '-v')],

  'create-topic': ({ topic, partitions, replicationFactor, brokers }) =>
    replicationFactor <= brokers
      ? [
          'topics',
          `--topic=${topic}`,
          `--replication-factor=${replicationFactor}`,
          `--partitions=${partitions}`,
          '--create',
        ]
      : refuse('INVALID_REPLICATION_FACTOR'),
  'list-topics': () => ['topics', '--list'],
  'describe-topic': ({ topic }) => ['topics', `--topic=${topic}`, '--describe'],
  'grow-topic': ({ topic, partitions, now }) =>
    partitions > now
      ? ['topics', `--topic=${topic}`, `--partitions=${partitions}`, '--alter', '--if-exists']
      : refuse('INVALID_PARTITIONS'),
  'delete-topic': ({ topic }) => ['topics', `--topic=${topic}`, '--delete'],
  'keep-records': ({ topic, hours }) => [
    'configs',
    `--topic=${topic}`,
    `--add-config=retention.ms=${hours * HOUR}`,
    '--alter',
  ],
  write: ({ topic, keySeparator }) => [
    'console-producer',
    `--topic=${topic}`,
    ...when(keySeparator !== null, `--property=key.separator=${keySeparator}`, '--property=parse.key=true'),
  ],
  'read-all': ({ topic }) => ['console-consumer', '--from-beginning', `--topic=${topic}`],
  'join-group': ({ topic, group, newGroupFrom, print }) => [
    'console-consumer',
    ...when(newGroupFrom === 'start', '--from-beginning'),
    ...print.map((what) => `--property=print.${what}=true`),
    `--group=${group}`,
    `--topic=${topic}`,
  ],
  'list-groups': () => ['consumer-groups', '--list', '--state'],
  'describe-group': ({ group }) => ['consumer-groups', '--offsets', `--group=${group}`, '--describe'],
  replay: ({ topic, group, from, onlyShow }) => [
    'consumer-groups',
    `--topic=${topic}`,
    `--group=${group}`,
    from === 'start' ? '--to-earliest' : `--to-datetime=${from}`,
    ...when(!onlyShow, '--execute'),
    '--reset-offsets',
  ],
}

export function toArgs(intent: CliIntent): string[] {
  const row = table[intent.want] as Row<typeof intent.want>
  const [first, ...flags] = row(intent)
  if (!('place' in intent)) return ['docker', 'compose', first as string, ...flags]
  const { server, container } = intent.place
  const line = [`/opt/kafka/bin/kafka-${first}.sh`, ...flags, `--bootstrap-server=${server}`]
  if (container === null) return line
  const typed = intent.want === 'write' && intent.input === 'keyboard'
  return ['docker', 'exec', typed ? '-it' : '-i', container, ...line]
}
