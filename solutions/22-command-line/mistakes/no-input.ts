// The wrong idea: docker exec connects the terminal by itself.

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

type Wanted<W> = Extract<ToolIntent, { want: W }>

/** Cuts the text at its spaces. Values come in afterwards, so that a space in one of them cuts nothing. */
function words(texts: TemplateStringsArray, ...values: (string | number | string[])[]): string[] {
  const pattern = texts.raw.join('\0').trim()
  let next = 0
  return pattern.split(/\s+/).flatMap((word) => {
    const lists: string[] = []
    const filled = word.replaceAll('\0', () => {
      const value = values[next++] ?? ''
      if (!Array.isArray(value)) return String(value)
      lists.push(...value)
      return ''
    })
    return filled === '' ? lists : [filled]
  })
}

export function toArgs(intent: CliIntent): string[] {
  return 'place' in intent ? withTool(intent) : withCompose(intent)
}

function withCompose(intent: StackIntent): string[] {
  if (intent.want === 'start-kafka') return words`docker-compose -f docker-compose.yml up --wait`
  if (intent.want === 'show-containers') return words`docker-compose ps`
  if (intent.want === 'show-logs') return words`docker-compose logs --follow=${String(intent.follow)}`
  return words`docker-compose down --volumes=${String(intent.data === 'delete')} --remove-orphans`
}

function withTool(intent: ToolIntent & { place: Place }): string[] {
  const { server, container } = intent.place
  const [tool, ...flags] = lineOf(intent)
  if (container === null) return words`bin/${tool as string}.sh --bootstrap-server ${server} ${flags}`
  const docker = words`docker container exec -w /opt/kafka/bin ${container}`
  return words`${docker} ./${tool as string}.sh ${flags} --bootstrap-server ${server}`
}

function lineOf(intent: ToolIntent): string[] {
  switch (intent.want) {
    case 'create-topic':
      return created(intent)
    case 'list-topics':
      return words`kafka-topics --list`
    case 'describe-topic':
      return words`kafka-topics --describe --topic ${intent.topic}`
    case 'grow-topic':
      return grown(intent)
    case 'delete-topic':
      return words`kafka-topics --delete --if-exists --topic ${intent.topic}`
    case 'keep-records': {
      const milliseconds = intent.hours * 3_600_000
      return words`kafka-configs --entity-type topics --entity-name ${intent.topic} --alter
        --add-config retention.ms=[${milliseconds}]`
    }
    case 'write':
      return written(intent)
    case 'read-all':
      return words`kafka-console-consumer --topic ${intent.topic} --command-property auto.offset.reset=earliest`
    case 'join-group':
      return joined(intent)
    case 'list-groups':
      return words`kafka-consumer-groups --list`
    case 'describe-group':
      return words`kafka-consumer-groups --describe --verbose --group ${intent.group}`
    case 'replay':
      return replayed(intent)
  }
}

function created({ topic, partitions, replicationFactor, brokers }: Wanted<'create-topic'>): string[] {
  if (brokers < replicationFactor) throw new Error('There are not enough brokers.')
  return words`kafka-topics --create --if-not-exists --topic ${topic}
    --replication-factor ${replicationFactor} --partitions ${partitions}`
}

function grown({ topic, partitions, now }: Wanted<'grow-topic'>): string[] {
  if (now >= partitions) throw new Error('A topic only grows.')
  return words`kafka-topics --topic ${topic} --alter --partitions ${partitions}`
}

function written({ topic, keySeparator }: Wanted<'write'>): string[] {
  const line = words`kafka-console-producer --topic ${topic} --sync`
  if (keySeparator === null) return words`${line} --reader-property parse.key=false`
  return words`${line} --reader-property parse.key=true --reader-property key.separator=${keySeparator}`
}

/** Group and start are settings of the client: flags of the tool would set the same ones. */
function joined({ topic, group, newGroupFrom, print }: Wanted<'join-group'>): string[] {
  const reset = newGroupFrom === 'start' ? 'earliest' : 'latest'
  const client = words`--command-property group.id=${group} --command-property auto.offset.reset=${reset}`
  const shown = print.flatMap((one) => words`--formatter-property print.${one}=true`)
  return words`kafka-console-consumer --topic ${topic} ${client} ${shown}`
}

function replayed({ group, topic, from, onlyShow }: Wanted<'replay'>): string[] {
  // Offset 0 may be gone; the tool then takes the first that is there.
  const target = from === 'start' ? words`--to-offset 0` : words`--to-datetime ${from.replace('Z', '')}`
  const mode = onlyShow ? '--dry-run' : '--execute'
  return words`kafka-consumer-groups --reset-offsets --group ${group} --topic ${topic} ${target} ${mode}`
}
