// The wrong idea: the producer is told the brokers by a flag of its own.

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

export function toArgs(intent: CliIntent): string[] {
  switch (intent.want) {
    case 'start-kafka':
      return ['docker', 'compose', 'up', '--detach']
    case 'show-containers':
      return ['docker', 'compose', 'ps']
    case 'show-logs':
      return ['docker', 'compose', 'logs', ...(intent.follow ? ['--follow'] : [])]
    case 'remove-kafka':
      // Without the flag the volume stays, and the next start finds all records in it.
      return ['docker', 'compose', 'down', ...(intent.data === 'delete' ? ['--volumes'] : [])]
    default: {
      const [tool = '', ...flags] = toolLine(intent)
      const first = tool === 'kafka-console-producer' ? '--broker-list' : '--bootstrap-server'
      return [...programOf(intent, tool), first, intent.place.server, ...flags]
    }
  }
}

/** The tool, and what it is told besides the broker. */
function toolLine(intent: ToolIntent): string[] {
  switch (intent.want) {
    case 'create-topic': {
      const { topic, partitions, replicationFactor, brokers } = intent
      if (replicationFactor > brokers)
        throw new Error(`${replicationFactor} copies need as many brokers, and there are ${brokers}`)
      const numbers = ['--partitions', String(partitions), '--replication-factor', String(replicationFactor)]
      return ['kafka-topics', '--create', '--topic', topic, ...numbers]
    }
    case 'list-topics':
      return ['kafka-topics', '--list']
    case 'describe-topic':
      return ['kafka-topics', '--describe', '--topic', intent.topic]
    case 'grow-topic': {
      const { topic, partitions, now } = intent
      if (partitions <= now) throw new Error(`${partitions} partitions are no more than ${now}`)
      return ['kafka-topics', '--alter', '--topic', topic, '--partitions', String(partitions)]
    }
    case 'delete-topic':
      return ['kafka-topics', '--delete', '--topic', intent.topic]
    case 'keep-records': {
      const setting = `retention.ms=${intent.hours * 3_600_000}`
      const entity = ['--entity-type', 'topics', '--entity-name', intent.topic]
      return ['kafka-configs', '--alter', ...entity, '--add-config', setting]
    }
    case 'write': {
      const keyed =
        intent.keySeparator === null ? {} : { 'parse.key': true, 'key.separator': intent.keySeparator }
      return ['kafka-console-producer', '--topic', intent.topic, ...each('--reader-property', keyed)]
    }
    case 'read-all':
      // No group: the tool makes one up, which has no commit, and leaves none.
      return ['kafka-console-consumer', '--topic', intent.topic, '--from-beginning']
    case 'join-group': {
      const { topic, group, newGroupFrom, print } = intent
      const start = newGroupFrom === 'start' ? ['--from-beginning'] : []
      const shown = Object.fromEntries(print.map((name) => [`print.${name}`, true]))
      const words = ['--topic', topic, '--group', group, ...start, ...each('--formatter-property', shown)]
      return ['kafka-console-consumer', ...words]
    }
    case 'list-groups':
      return ['kafka-consumer-groups', '--list']
    case 'describe-group':
      return ['kafka-consumer-groups', '--describe', '--group', intent.group]
    case 'replay': {
      const { group, topic, from, onlyShow } = intent
      const target = from === 'start' ? ['--to-earliest'] : ['--to-datetime', from]
      // The tool warns that version 5.0 will want one of the two, so each is said.
      const mode = onlyShow ? '--dry-run' : '--execute'
      return ['kafka-consumer-groups', '--reset-offsets', '--group', group, '--topic', topic, ...target, mode]
    }
  }
}

/** The tool on this machine, found by the shell's PATH; or in a container, where only its full name will do. */
function programOf(intent: ToolIntent & { place: Place }, tool: string): string[] {
  const { container } = intent.place
  if (container === null) return [`${tool}.sh`]
  const docker = ['docker', 'exec', ...streamsOf(intent), container]
  return [...docker, `/opt/kafka/bin/${tool}.sh`]
}

/** What Docker passes on: only the producer reads its input, and only a keyboard is a terminal. */
function streamsOf(intent: ToolIntent): string[] {
  if (intent.want !== 'write') return []
  return intent.input === 'keyboard' ? ['--interactive', '--tty'] : ['--interactive']
}

/** The same flag before each of these properties. */
function each(flag: string, properties: Record<string, unknown>): string[] {
  return Object.entries(properties).flatMap(([name, value]) => [flag, `${name}=${value}`])
}
