// Another way: defaults are said as well, and Docker is told also what not to do.

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

/** Every flag that matters is said, also where the tool would do the same without it. */
export function toArgs(intent: CliIntent): string[] {
  if (!('place' in intent)) return ['docker', 'compose', '--project-directory', '.', ...stackWords(intent)]
  const { server, container } = intent.place
  const [tool, ...words] = toolWords(intent)
  const line = [`/opt/kafka/bin/${tool}.sh`, `--bootstrap-server=${server}`, ...words]
  if (container === null) return line
  const typed = intent.want === 'write' && intent.input === 'keyboard'
  const input = `--interactive=${intent.want === 'write'}`
  return ['docker', 'container', 'exec', input, `--tty=${typed}`, container, ...line]
}

function stackWords(intent: StackIntent): string[] {
  switch (intent.want) {
    case 'start-kafka':
      return ['up', '--detach', '--wait', 'kafka']
    case 'show-containers':
      return ['ps', '--all', 'kafka']
    case 'show-logs':
      return ['logs', `--follow=${intent.follow}`, 'kafka']
    case 'remove-kafka':
      return ['down', `--volumes=${intent.data === 'delete'}`]
  }
}

function toolWords(intent: ToolIntent): string[] {
  switch (intent.want) {
    case 'create-topic': {
      const { topic, partitions, replicationFactor, brokers } = intent
      if (replicationFactor > brokers)
        throw new RangeError(`${brokers} brokers hold no ${replicationFactor} copies`)
      const numbers = [`--partitions=${partitions}`, `--replication-factor=${replicationFactor}`]
      return ['kafka-topics', '--create', `--topic=${topic}`, ...numbers]
    }
    case 'list-topics':
      return ['kafka-topics', '--list']
    case 'describe-topic':
      return ['kafka-topics', '--describe', `--topic=${intent.topic}`]
    case 'grow-topic': {
      const { topic, partitions, now } = intent
      if (partitions <= now) throw new RangeError(`${partitions} partitions are not more than ${now}`)
      return ['kafka-topics', '--alter', `--topic=${topic}`, `--partitions=${partitions}`]
    }
    case 'delete-topic':
      // A name is a pattern here: this one fits nothing else.
      return ['kafka-topics', '--delete', '--if-exists', `--topic=^\\Q${intent.topic}\\E$`]
    case 'keep-records': {
      const milliseconds = BigInt(intent.hours) * 3_600_000n
      const setting = `--add-config=retention.ms=${milliseconds}`
      return ['kafka-configs', '--alter', '--entity-type=topics', `--entity-name=${intent.topic}`, setting]
    }
    case 'write': {
      const { topic, keySeparator } = intent
      const reader = { 'parse.key': keySeparator !== null, 'key.separator': keySeparator ?? '\t' }
      const safe = [
        '--request-required-acks=all',
        ...each('--command-property', { 'enable.idempotence': true }),
      ]
      return ['kafka-console-producer', `--topic=${topic}`, ...safe, ...each('--reader-property', reader)]
    }
    case 'read-all':
      return ['kafka-console-consumer', ...reads(intent.topic, [], 'start', { 'enable.auto.commit': false })]
    case 'join-group': {
      const { topic, group, newGroupFrom, print } = intent
      const client = { 'enable.auto.commit': true }
      return ['kafka-console-consumer', `--group=${group}`, ...reads(topic, print, newGroupFrom, client)]
    }
    case 'list-groups':
      return ['kafka-consumer-groups', '--list']
    case 'describe-group':
      return ['kafka-consumer-groups', '--describe', `--group=${intent.group}`]
    case 'replay': {
      const { group, topic, from, onlyShow } = intent
      const target = from === 'start' ? '--to-earliest' : `--to-datetime=${from}`
      const mode = onlyShow ? '--dry-run' : '--execute'
      return [
        'kafka-consumer-groups',
        '--reset-offsets',
        mode,
        target,
        `--group=${group}`,
        `--topic=${topic}`,
      ]
    }
  }
}

/** What both kinds of readers say. */
function reads(
  topic: string,
  print: Print[],
  from: 'start' | 'end',
  client: Record<string, unknown>,
): string[] {
  const shown = { value: true, key: false, partition: false, offset: false, timestamp: false }
  for (const one of print) shown[one] = true
  const formatter = Object.fromEntries(Object.entries(shown).map(([name, is]) => [`print.${name}`, is]))
  const reset = { 'auto.offset.reset': from === 'start' ? 'earliest' : 'latest' }
  return [
    ...[`--topic=${topic}`, '--isolation-level=read_uncommitted'],
    ...each('--command-property', { ...reset, ...client }),
    ...each('--formatter-property', formatter),
  ]
}

function each(flag: string, settings: Record<string, unknown>): string[] {
  return Object.entries(settings).map(([name, value]) => `${flag}=${name}=${value}`)
}
