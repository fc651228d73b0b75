// Another way: a generator that yields one word after the other, with the names of Kafka 4.2 and later.

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

// A generator that says one word after the other.

const TOOLS = '/opt/kafka/bin'
const MS_PER_HOUR = 60 * 60 * 1000

/** The words of a command line: the program, then its arguments. Throws for what Kafka would refuse to do. */
export function toArgs(intent: CliIntent): string[] {
  return Array.from(words(intent))
}

function* words(intent: CliIntent): Generator<string, void> {
  switch (intent.want) {
    case 'start-kafka':
      yield* compose('up', '-d')
      return
    case 'show-containers':
      yield* compose('ps')
      return
    case 'show-logs':
      yield* compose('logs')
      if (intent.follow) yield '-f'
      return
    case 'remove-kafka':
      yield* compose('down')
      if (intent.data === 'delete') yield '-v'
      return

    case 'create-topic':
      refuse(intent.replicationFactor > intent.brokers, 'there are fewer brokers than copies')
      yield* tool('kafka-topics', intent.place)
      yield '--create'
      yield* ['--topic', intent.topic]
      yield* ['--partitions', String(intent.partitions)]
      yield* ['--replication-factor', String(intent.replicationFactor)]
      return
    case 'list-topics':
      yield* tool('kafka-topics', intent.place)
      yield '--list'
      return
    case 'describe-topic':
      yield* tool('kafka-topics', intent.place)
      yield '--describe'
      yield* ['--topic', intent.topic]
      return
    case 'grow-topic':
      refuse(intent.partitions <= intent.now, 'partitions are only ever added')
      yield* tool('kafka-topics', intent.place)
      yield '--alter'
      yield* ['--topic', intent.topic]
      yield* ['--partitions', String(intent.partitions)]
      return
    case 'delete-topic':
      yield* tool('kafka-topics', intent.place)
      yield '--delete'
      yield* ['--topic', intent.topic]
      return
    case 'keep-records':
      yield* tool('kafka-configs', intent.place)
      yield '--alter'
      yield* ['--topic', intent.topic]
      yield* ['--add-config', `retention.ms=${Math.round(intent.hours * MS_PER_HOUR)}`]
      return

    case 'write':
      yield* tool('kafka-console-producer', intent.place, intent.input === 'keyboard' ? '-it' : '-i')
      yield* ['--topic', intent.topic]
      if (intent.keySeparator !== null) {
        yield* ['--reader-property', 'parse.key=true']
        yield* ['--reader-property', `key.separator=${intent.keySeparator}`]
      }
      return
    case 'read-all':
      yield* tool('kafka-console-consumer', intent.place)
      yield* ['--topic', intent.topic]
      yield '--from-beginning'
      return
    case 'join-group':
      yield* tool('kafka-console-consumer', intent.place)
      yield* ['--group', intent.group]
      yield* ['--topic', intent.topic]
      for (const what of new Set(intent.print)) yield* ['--formatter-property', `print.${what}=true`]
      if (intent.newGroupFrom === 'start') yield '--from-beginning'
      return

    case 'list-groups':
      yield* tool('kafka-consumer-groups', intent.place)
      yield '--list'
      return
    case 'describe-group':
      yield* tool('kafka-consumer-groups', intent.place)
      yield '--describe'
      yield* ['--group', intent.group]
      return
    case 'replay':
      yield* tool('kafka-consumer-groups', intent.place)
      yield '--reset-offsets'
      yield* ['--group', intent.group]
      yield* ['--topic', intent.topic]
      if (intent.from === 'start') yield '--to-earliest'
      else yield* ['--to-datetime', intent.from]
      yield intent.onlyShow ? '--dry-run' : '--execute'
  }
}

function* compose(...rest: string[]): Generator<string, void> {
  yield* ['docker', 'compose', ...rest]
}

/** One of Kafka's tools, here or in a container, with what it needs to find the cluster. */
function* tool(name: string, { server, container }: Place, input?: '-i' | '-it'): Generator<string, void> {
  if (container === null) {
    yield `${name}.sh`
  } else {
    yield* ['docker', 'exec']
    if (input !== undefined) yield input
    yield container
    yield `${TOOLS}/${name}.sh`
  }
  yield* ['--bootstrap-server', server]
}

function refuse(when: boolean, why: string): void {
  if (when) throw new RangeError(`Kafka would refuse this: ${why}`)
}
