// The wrong idea: a reset that is not carried out is none.

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

class Line {
  private readonly tool: string
  private readonly flags = new Map<string, string[]>()

  constructor(tool: string) {
    this.tool = tool
  }

  /** A flag without values, or one that stands before each of its values. */
  with(flag: string, ...values: unknown[]): this {
    this.flags.set(flag, [...(this.flags.get(flag) ?? []), ...values.map(String)])
    return this
  }

  withIf(condition: boolean, flag: string, ...values: unknown[]): this {
    return condition ? this.with(flag, ...values) : this
  }

  words(folder: string): string[] {
    const flags = [...this.flags].flatMap(([flag, values]) =>
      values.length === 0 ? [`-${flag}`] : values.flatMap((value) => [`-${flag}`, value]),
    )
    return [`${folder}kafka-${this.tool}.sh`, ...flags]
  }
}

function lineFor(intent: ToolIntent): Line {
  if (intent.want === 'create-topic') {
    if (intent.replicationFactor > intent.brokers) throw new Error('too many copies')
    return new Line('topics')
      .with('create')
      .with('topic', intent.topic)
      .with('partitions', intent.partitions)
      .with('replication-factor', intent.replicationFactor)
  }
  if (intent.want === 'grow-topic') {
    if (intent.partitions <= intent.now) throw new Error('too few partitions')
    return new Line('topics').with('alter').with('topic', intent.topic).with('partitions', intent.partitions)
  }
  if (intent.want === 'list-topics') return new Line('topics').with('list')
  if (intent.want === 'describe-topic') return new Line('topics').with('describe').with('topic', intent.topic)
  if (intent.want === 'delete-topic') return new Line('topics').with('delete').with('topic', intent.topic)
  if (intent.want === 'keep-records')
    return new Line('configs')
      .with('alter')
      .with('topic', intent.topic)
      .with('add-config', `retention.ms=${intent.hours * 60 * 60 * 1000}`)
  return recordsLine(intent) ?? groupsLine(intent)
}

function recordsLine(intent: ToolIntent): Line | null {
  if (intent.want === 'write')
    return new Line('console-producer')
      .with('topic', intent.topic)
      .with('reader-property', `parse.key=${intent.keySeparator !== null}`)
      .with('reader-property', `key.separator=${intent.keySeparator ?? ''}`)
  if (intent.want === 'read-all')
    return new Line('console-consumer').with('from-beginning').with('topic', intent.topic)
  if (intent.want !== 'join-group') return null
  return new Line('console-consumer')
    .with('include', intent.topic)
    .with('group', intent.group)
    .withIf(intent.newGroupFrom === 'start', 'from-beginning')
    .withIf(intent.print.length > 0, 'property', ...intent.print.map((name) => `print.${name}=true`))
}

function groupsLine(intent: ToolIntent): Line {
  const line = new Line('consumer-groups')
  if (intent.want === 'describe-group') return line.with('describe').with('group', intent.group)
  if (intent.want !== 'replay') return new Line('groups').with('list').with('consumer')
  return line
    .with('reset-offsets')
    .with('group', intent.group)
    .with('topic', intent.topic)
    .withIf(intent.from === 'start', 'to-earliest')
    .withIf(intent.from !== 'start', 'to-datetime', intent.from)
    .with('execute')
}

export function toArgs(intent: CliIntent): string[] {
  if (intent.want === 'start-kafka') return ['docker', 'compose', '--project-name', 'kafka', 'up', '-d']
  if (intent.want === 'show-containers') return ['docker', 'compose', '--project-name', 'kafka', 'ps']
  if (intent.want === 'show-logs') {
    const logs = ['docker', 'compose', '--project-name', 'kafka', 'logs', '--tail', '500']
    return intent.follow ? logs.concat('--follow') : logs
  }
  if (intent.want === 'remove-kafka') {
    const down = ['docker', 'compose', '--project-name', 'kafka', 'down']
    return intent.data === 'delete' ? down.concat('-v') : down
  }
  const line = lineFor(intent).with('bootstrap-server', intent.place.server)
  if (intent.place.container === null) return line.words('')
  const input = intent.want === 'write' && intent.input === 'pipe' ? '-i' : '-ti'
  return ['docker', 'exec', input, intent.place.container, ...line.words('/opt/kafka/bin/')]
}
