import { WorkbookError } from '../errors.ts'
import { edits } from '../exercise/find.ts'
import type { Settings } from '../kafka/embedded/config-definition.ts'
import { HANDLERS } from '../kafka/embedded/handlers.ts'
import { Refusal } from '../kafka/embedded/refusal.ts'
import { BROKER_SETTINGS, brokerSettings } from '../kafka/embedded/settings.ts'
import {
  type EmbeddedBroker,
  type EmbeddedOptions,
  type FirstTopic,
  startEmbedded,
} from '../kafka/embedded/start.ts'
import { toldHandlers } from '../kafka/wiretap/told-handlers.ts'
import type { Arguments } from './arguments.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'
import type { Screen } from './screen.ts'

const FIRST_PORT = 9092
const LAST_PORT = 65_535

/** Runs the embedded broker in the foreground, until it is interrupted. */
export async function serveBroker({ args, screen }: Invocation): Promise<number> {
  const broker = await start({
    ...readOptions(args),
    ...(args.flag('wire') && { handlers: toldHandlers(HANDLERS, (line) => screen.print(line)) }),
    onBug: (error) => screen.note(`The broker failed to serve a request: ${error}`),
  })
  return withCleanUp(broker.close, () => serve(broker, screen))
}

async function start(options: EmbeddedOptions): Promise<EmbeddedBroker> {
  try {
    return await startEmbedded(options)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new WorkbookError(error.text ?? error.message, 'So says Kafka of what --topic asks for.')
  }
}

function serve({ state, bootstrap }: EmbeddedBroker, screen: Screen): Promise<never> {
  const [first] = bootstrap.split(',')
  screen.print([
    ...state.nodes.active.map(({ id, host, port }) => `node ${id} serves at ${host}:${port}`),
    ...Array.from(state.topics, ({ name, partitions }) => `topic ${name}, partitions: ${partitions.length}`),
    '',
    `use it:  npm test 03 -- --broker ${first}`,
    'end it:  Ctrl+C; everything is in memory and goes with it',
  ])
  return new Promise(() => {})
}

function readOptions(args: Arguments) {
  const nodes = args.count('nodes') ?? 1
  const host = args.text('host') ?? '127.0.0.1'
  return {
    nodes,
    host,
    firstId: args.count('first-id') ?? 1,
    ports: readPorts(args.text('port') ?? `${FIRST_PORT}`, nodes),
    advertisedHost: advertised(host, args.text('advertise')),
    settings: readSettings(args.texts('set')),
    topics: args.texts('topic').map(readTopic),
  }
}

/** `orders`, `orders:3` or `orders:3:2`: no name of a topic has a colon. */
function readTopic(text: string): FirstTopic {
  const [, name, partitions, replicas] = /^([^:]+)(?::(\d+)(?::(\d+))?)?$/.exec(text) ?? []
  if (name === undefined) {
    throw new WorkbookError(
      `--topic takes NAME, NAME:PARTITIONS or NAME:PARTITIONS:REPLICAS, not "${text}".`,
      'For instance: --topic orders:3',
    )
  }
  return {
    name,
    ...(partitions !== undefined && { partitions: Number(partitions) }),
    ...(replicas !== undefined && { replicas: Number(replicas) }),
  }
}

/** One port for each node; when only the first is given, the others count on from it. */
function readPorts(text: string, nodes: number): number[] {
  const ports = text.split(',').map(Number)
  const areRight = ports.every((port) => Number.isInteger(port) && port >= 0 && port <= LAST_PORT)
  const [first] = ports
  if (areRight && ports.length === nodes) return ports
  if (areRight && ports.length === 1 && first !== undefined && first + nodes - 1 <= LAST_PORT) {
    return Array.from({ length: nodes }, (_, index) => (first === 0 ? 0 : first + index))
  }
  throw new WorkbookError(
    `--port takes one port, or as many as there are nodes (${nodes}), not "${text}".`,
    'For instance: --nodes 3 --port 9092,9093,9094',
  )
}

/** Clients cannot reach "all addresses"; Kafka refuses that, too. */
function advertised(host: string, given: string | undefined): string {
  if (given !== undefined) return given
  if (host !== '0.0.0.0' && host !== '::') return host
  throw new WorkbookError(
    `Clients cannot be told to connect to ${host}.`,
    'Name the address that they reach: --advertise 192.168.1.20',
  )
}

function readSettings(assignments: string[]): Settings {
  const settings: Record<string, string> = {}
  for (const assignment of assignments) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(assignment) ?? []
    if (name === undefined || value === undefined) {
      throw new WorkbookError(
        `--set takes NAME=VALUE, not "${assignment}".`,
        'For instance: --set num.partitions=2',
      )
    }
    if (!Object.hasOwn(BROKER_SETTINGS, name)) throw unknownSetting(name)
    settings[name] = value
  }
  checkValues(settings)
  return settings
}

function unknownSetting(name: string): WorkbookError {
  const known = Object.keys(BROKER_SETTINGS)
  const near = known.find((one) => edits(name, one) <= 2)
  return new WorkbookError(
    `The embedded broker has no setting ${name}.`,
    near ? `Did you mean ${near}?` : `It obeys: ${known.sort().join(', ')}`,
  )
}

function checkValues(settings: Settings): void {
  try {
    brokerSettings(settings)
  } catch (error) {
    const text = error instanceof Refusal ? error.text : null
    throw new WorkbookError(text ?? String(error), 'The values are those of Kafka: --set num.partitions=2')
  }
}
