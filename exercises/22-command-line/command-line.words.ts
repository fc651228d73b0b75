// How Kafka's tools and Docker read a line: words in, options out. Nothing to edit here.

/** All options, as `--help` lists them. `=` needs a value, `?` may have one; with `*` it may be given again. */
export const toolOptions = {
  'kafka-topics': `alter at-min-isr-partitions bootstrap-server= command-config= config=* create delete
    delete-config= describe exclude-internal help if-exists if-not-exists list
    partition-size-limit-per-response= partitions= replica-assignment= replication-factor= topic= topic-id=
    topics-with-overrides unavailable-partitions under-min-isr-partitions under-replicated-partitions version`,
  'kafka-configs': `add-config= add-config-file= all alter bootstrap-controller= bootstrap-server= broker=
    broker-defaults broker-logger= client= client-defaults client-metrics= command-config= delete-config=
    describe entity-default entity-name=* entity-type=* group= help ip= ip-defaults topic= user= user-defaults
    version`,
  'kafka-console-producer': `batch-size= bootstrap-server= command-config= command-property=* compression-codec?
    help line-reader= max-block-ms= max-memory-bytes= max-partition-memory-bytes= message-send-max-retries=
    metadata-expiry-ms= producer-property=* producer.config= property=* reader-config= reader-property=*
    request-required-acks= request-timeout-ms= retry-backoff-ms= socket-buffer-size= sync timeout= topic= version`,
  'kafka-console-consumer': `bootstrap-server= command-config= command-property=* consumer-property=*
    consumer.config= enable-systest-events formatter= formatter-config= formatter-property=* from-beginning
    group= help include= isolation-level= key-deserializer= max-messages= offset= partition= property=*
    skip-message-on-error timeout-ms= topic= value-deserializer= version`,
  'kafka-consumer-groups': `all-groups all-topics bootstrap-server= by-duration= command-config= delete
    delete-offsets describe dry-run execute export from-file= group=* help list members offsets reset-offsets
    shift-by= state? timeout= to-current to-datetime= to-earliest to-latest to-offset= topic=* type?
    validate-regex= verbose version`,
  'kafka-groups': `bootstrap-server= command-config= consumer group-type= help list protocol= share streams version`,
}
export type ToolName = keyof typeof toolOptions

/** A program does not take its words. The message is its own. */
export class Refusal extends Error {}

export function refuse(why: string): never {
  throw new Refusal(why)
}

/** The options of a line. Each is taken by whoever asks for it, so that at the end it is known what nobody asked for. */
export class Options {
  private readonly given = new Map<string, string[]>()
  /** Words that are neither options nor values. */
  readonly others: string[] = []

  /** Adds one; tells how often it was given until now. */
  add(name: string, value: string): number {
    return this.given.set(name, [...(this.given.get(name) ?? []), value]).get(name)?.length ?? 0
  }

  all(name: string): string[] {
    const values = this.given.get(name) ?? []
    this.given.delete(name)
    return values
  }

  /** Whether one of these was given. */
  has(...names: string[]): boolean {
    return names.map((name) => this.all(name).length).some((times) => times > 0)
  }

  one(name: string): string | undefined {
    return this.all(name).at(-1)
  }

  needed(name: string): string {
    return this.one(name) ?? refuse(`Missing required argument "[${name}]"`)
  }

  /** Forgets a flag that only says what holds without it. */
  forget(name: string, ...values: string[]): void {
    if (this.given.get(name)?.every((value) => values.includes(value))) this.given.delete(name)
  }

  /** What nobody took, as a part of a meaning. */
  left(): { also?: string[] } {
    const options = [...this.given].flatMap(([name, values]) => values.map((value) => `${name} ${value}`))
    const also = [...options.map((one) => one.trim()), ...this.others]
    return also.length === 0 ? {} : { also }
  }
}

/** Reads words as the tools do: `--name value` or `--name=value`, in any order; one hyphen will do. */
export function readTool(tool: ToolName, words: string[]): Options {
  const known = new Map(toolOptions[tool].split(/\s+/).map((one) => [one.replace(/[=?*]+$/, ''), one]))
  const options = new Options()
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name, joined] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    if (name === undefined) {
      options.others.push(word)
      continue
    }
    const kind = known.get(name) ?? refuse(`${name} is not a recognized option`)
    const takesNext = kind.includes('=') || (kind.endsWith('?') && /^[^-]/.test(rest[0] ?? ''))
    const value = joined ?? (takesNext ? rest.shift() : '')
    const times = options.add(name, value ?? refuse(`Option ${name} requires an argument`))
    if (times > 1 && /[=?]$/.test(kind))
      refuse(`Found multiple arguments for option ${name}, but you asked for only one`)
  }
  return options
}

/** Reads words as Docker does: `-d`, `--detach`, `-it`, `--tail=5`; a spec like `d:detach n:tail=` names what it knows. */
export function readDocker(words: string[], spec: string, { stopsAtWords = false } = {}): Options {
  const known = new Map<string, string>()
  for (const names of spec.split(' '))
    for (const name of names.split(':')) known.set(name.replace('=', ''), names.split(':').at(-1) ?? '')
  const options = new Options()
  const rest = [...words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, hyphens, names = '', joined] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? []
    if (hyphens === undefined) {
      options.others.push(word, ...(stopsAtWords ? rest.splice(0) : []))
      continue
    }
    for (const short of hyphens === '-' ? names : [names]) {
      const name = known.get(short) ?? refuse(`unknown flag: ${short}`)
      const value = joined ?? (name.endsWith('=') ? rest.shift() : 'true')
      if (value !== 'false')
        options.add(name.replace('=', ''), value ?? refuse(`flag needs an argument: ${short}`))
    }
  }
  return options
}
