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

/** The words of a command line: the program, then its arguments. Throws for what Kafka would refuse to do. */
export function toArgs(intent: CliIntent): string[] {
  throw new Error('TODO toArgs: which program does this, and what does it have to be told?')
}
