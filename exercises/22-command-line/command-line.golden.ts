// What a line makes happen with Kafka 4.3.1's tools and Docker. The tools themselves are asked whether this is right, in
// harness/test/exercises/command-line.test.ts. Nothing to edit here.

import path from 'node:path'
import {
  type Options,
  Refusal,
  readDocker,
  readTool,
  refuse,
  type ToolName,
  toolOptions,
} from './command-line.words.ts'

/** What a line makes happen, in the form of an intent; or `refused`, with what the program says. */
export type Meaning = Record<string, unknown>

/** `name=value` options under their old or their new name; the tools do not take both at once. */
function properties(options: Options, name: string, oldName: string): Map<string, string> {
  const [now, old] = [options.all(name), options.all(oldName)]
  if (now.length > 0 && old.length > 0)
    refuse(`Options --${name} and --${oldName} cannot be specified together.`)
  const pairs = [...now, ...old].map((pair) => /^([^=]*)=?(.*)$/s.exec(pair) ?? [])
  return new Map(pairs.map(([, key = '', value = '']) => [key, value]))
}

/** Takes a property out of its list. */
function take(from: Map<string, string>, name: string): string | undefined {
  const value = from.get(name)
  from.delete(name)
  return value
}

const isTrue = (text: string | undefined) => text?.trim().toLowerCase() === 'true'

/** Settings that only say what holds without them, for a reader, a formatter or a client. */
const HELD_ANYWAY = new Set(
  `parse.headers=false ignore.error=false print.value=true print.timestamp=false print.headers=false
    print.delivery=false print.epoch=false acks=all acks=-1 enable.idempotence=true
    isolation.level=read_uncommitted`.split(/\s+/),
)

/** Properties that nobody took and that change something, as a part of a meaning. */
function leftOf(kind: string, from: Map<string, string>): Meaning {
  const left = [...from].filter(([name, value]) => !HELD_ANYWAY.has(`${name}=${value}`))
  return left.length === 0 ? {} : { [kind]: Object.fromEntries(left) }
}

/** The one action of a line. */
function actionOf(options: Options, actions: string[]): string {
  const [action, ...more] = actions.filter((name) => options.has(name))
  if (action === undefined || more.length > 0) refuse('Command must include exactly one action')
  return action
}

const whole = (text: string | undefined) => (text === undefined ? 'left to the broker' : Number(text))

/** Names are patterns in all actions but `--create`: `^a\\.b$` and `\\Qa.b\\E` are the plain name, too. */
const named = (pattern: string) =>
  pattern
    .replace(/^\^?(.*?)\$?$/s, '$1')
    .replace(/^\\Q(.*)\\E$/s, '$1')
    .replaceAll('\\', '')

/** Brokers to begin with, each of them once. */
const servers = (text: string) => [...new Set(text.split(','))].join(',')

const meanings: Record<ToolName, (options: Options) => Meaning> = {
  'kafka-topics'(options) {
    const action = actionOf(options, ['create', 'list', 'describe', 'alter', 'delete'])
    if (action === 'list') return { want: 'list-topics' }
    if (action !== 'create' && options.has('config'))
      refuse(
        `can't be used with option "[${action}]" (To alter topic configurations, the kafka-configs tool can be used.)`,
      )
    if (action === 'describe') return { want: 'describe-topic', topic: named(options.one('topic') ?? '.*') }
    const topic = options.needed('topic')
    options.has(action === 'create' ? 'if-not-exists' : 'if-exists')
    if (action === 'delete') return { want: 'delete-topic', topic: named(topic) }
    if (action === 'alter')
      return { want: 'grow-topic', topic: named(topic), partitions: Number(options.needed('partitions')) }
    const replicationFactor = whole(options.one('replication-factor'))
    return { want: 'create-topic', topic, partitions: whole(options.one('partitions')), replicationFactor }
  },

  'kafka-configs'(options) {
    const action = actionOf(options, ['describe', 'alter'])
    const names = options.all('entity-name')
    const type = options.one('entity-type') ?? 'topics'
    const one = options.one('topic')
    if (one !== undefined && names.length > 0) refuse('Duplicate entity type(s) specified: topics')
    const topic = one ?? names[0] ?? refuse('At least one entity type must be specified')
    if (action === 'describe' || type !== 'topics') return { want: `${action} settings of ${type}`, topic }
    const added =
      options.one('add-config') ?? refuse('At least one of --add-config must be specified with --alter')
    const [, name, value] = /^([^=]+)=\[?([^,[\]]+)\]?$/.exec(added) ?? []
    if (name !== 'retention.ms') return { want: 'change settings', topic, settings: added }
    return { want: 'keep-records', topic, hours: Number(value) / 3_600_000 }
  },

  'kafka-console-producer'(options) {
    const topic = options.needed('topic')
    const lines = properties(options, 'reader-property', 'property')
    const client = properties(options, 'command-property', 'producer-property')
    const separator = take(lines, 'key.separator') ?? '\t'
    const keySeparator = isTrue(take(lines, 'parse.key')) ? separator : null
    options.has('sync')
    options.forget('request-required-acks', 'all', '-1')
    return { want: 'write', topic, keySeparator, ...leftOf('lines', lines), ...leftOf('client', client) }
  },

  'kafka-console-consumer'(options) {
    const pattern = options.one('include')
    const topic =
      options.one('topic') ??
      (pattern && named(pattern)) ??
      refuse('Exactly one of [topic], [include] is required')
    const shown = properties(options, 'formatter-property', 'property')
    const client = properties(options, 'command-property', 'consumer-property')
    take(shown, 'key.separator')
    const print = ['key', 'offset', 'partition'].filter((one) => isTrue(take(shown, `print.${one}`)))
    const group = [options.one('group'), take(client, 'group.id')].find((one) => one !== undefined)
    const [fromBeginning, reset] = [options.has('from-beginning'), take(client, 'auto.offset.reset')]
    if (fromBeginning && reset !== undefined && reset !== 'earliest')
      refuse(
        `Can't simultaneously specify --from-beginning and 'auto.offset.reset=${reset}', please remove one option`,
      )
    const newGroupFrom = fromBeginning || reset === 'earliest' ? 'start' : 'end'
    // Without a group, the tool commits nothing unless it is told to.
    if (client.get('enable.auto.commit') === String(group !== undefined)) client.delete('enable.auto.commit')
    options.forget('isolation-level', 'read_uncommitted')
    const ends = options.has('timeout-ms', 'max-messages') && { until: 'it ends by itself' }
    const left = { ...ends, ...leftOf('shown', shown), ...leftOf('client', client) }
    if (group !== undefined) return { want: 'join-group', topic, group, newGroupFrom, print, ...left }
    const want = newGroupFrom === 'start' ? 'read-all' : 'read only what comes from now on'
    return { want, topic, ...(print.length > 0 && { print }), ...left }
  },

  'kafka-consumer-groups'(options) {
    const action = actionOf(options, ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets'])
    options.has('timeout', 'verbose')
    if (action === 'list') {
      if (options.has('group')) refuse('Option "[group]" can\'t be used with option "[list]"')
      options.has('state', 'type')
      return { want: 'list-groups' }
    }
    const group = options.has('all-groups') ? 'all groups' : options.one('group')
    if (group === undefined) refuse(`Option [${action}] takes one of these options: [group], [all-groups]`)
    options.has('offsets')
    if (action === 'describe') return { want: 'describe-group', group }
    if (action !== 'reset-offsets') return { want: `${action} of a group`, group }
    const topics = options.has('all-topics') ? ['all topics'] : options.all('topic')
    if (topics.length === 0) refuse('One of the reset scopes should be defined: --all-topics, --topic.')
    const [execute, dryRun] = [options.has('execute'), options.has('dry-run')]
    if (execute && dryRun) refuse('Option [reset-offsets] only accepts one of [execute] and [dry-run]')
    return { want: 'replay', group, topic: topics.join(' and '), from: targetOf(options), onlyShow: !execute }
  },

  'kafka-groups'(options) {
    actionOf(options, ['list'])
    options.has('consumer')
    return { want: 'list-groups' }
  },
}

/** Where a reset goes. An offset before the start of the log is moved to it. */
function targetOf(options: Options): string {
  if (options.has('to-earliest') || options.one('to-offset') === '0') return 'start'
  const text = options.one('to-datetime')
  if (text === undefined) return refuse("Option '[reset-offsets]' requires one of the following scenarios")
  const [, time, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? []
  if (time === undefined) return refuse(`Unparseable date: "${text}"`)
  const [, sign = '', hours = '', minutes = '00'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  return new Date(sign ? `${time}${sign}${hours}:${minutes}` : `${time}Z`).toISOString()
}

const EXEC = 'd:detach detach-keys= e:env= env-file= i:interactive privileged t:tty u:user= w:workdir='
const COMPOSE = 'f:file= p:project-name= project-directory= env-file= ansi= progress='
const COMMANDS: Record<string, string> = {
  up: 'd:detach wait wait-timeout= remove-orphans quiet-pull pull= force-recreate no-recreate t:timeout= y:yes',
  ps: 'a:all format= no-trunc orphans status=',
  logs: 'f:follow n:tail= t:timestamps no-color no-log-prefix since=',
  down: 'v:volumes remove-orphans t:timeout= rmi=',
}

function composeMeaning(words: string[]): Meaning {
  const { others } = readDocker(words, COMPOSE, { stopsAtWords: true })
  const [command = '', ...args] = others
  const options = readDocker(
    args,
    COMMANDS[command] ?? refuse(`unknown docker command: "compose ${command}"`),
  )
  const services = options.others.splice(0).filter((service) => service !== 'kafka')
  const meaning = (): Meaning => {
    if (command === 'ps') return { want: 'show-containers' }
    if (command === 'logs') return { want: 'show-logs', follow: options.has('follow') }
    if (command === 'down') return { want: 'remove-kafka', data: options.has('volumes') ? 'delete' : 'keep' }
    if (options.has('detach', 'wait')) return { want: 'start-kafka' }
    return { want: 'run Kafka in this terminal, until Ctrl+C' }
  }
  return {
    ...meaning(),
    ...(services.length > 0 && { services }),
    ...(options.has('rmi') && { images: 'delete' }),
  }
}

/** A tool inside a container: which, where its file lies there, and what of the terminal it gets. */
function readExec(words: string[]) {
  const options = readDocker(words, EXEC, { stopsAtWords: true })
  const [container = '', program = '', ...args] = options.others.splice(0)
  const folder = options.one('workdir') ?? '/'
  // Without a slash it is looked for on the PATH of the image, which does not have Kafka's folder.
  const file = program.includes('/') ? path.posix.resolve(folder, program) : program
  const [input, terminal] = [options.has('interactive'), options.has('tty')]
  return { container, file, args, input, terminal, left: options.left() }
}

/** The words after `docker exec`, when the line begins so. */
function execWords(words: string[]): string[] | null {
  const [first, ...rest] = words.filter((word, at) => at !== 1 || word !== 'container')
  return first === 'docker' && rest[0] === 'exec' ? rest.slice(1) : null
}

/** Which input reaches a tool that this line starts: what is typed, what comes through a pipe. */
export function inputsOf(words: string[]): ('keyboard' | 'pipe')[] {
  const inside = execWords(words)
  if (inside === null) return ['keyboard', 'pipe']
  const { input, terminal } = readExec(inside)
  if (!input) return []
  // "the input device is not a TTY"
  return terminal ? ['keyboard'] : ['keyboard', 'pipe']
}

/** What a line of words makes happen. */
export function meaningOf(words: string[]): Meaning {
  try {
    return meaningOfWords(words)
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.message }
    throw error
  }
}

function meaningOfWords(words: string[]): Meaning {
  if (!Array.isArray(words) || words.some((word) => typeof word !== 'string'))
    refuse('this is no list of texts')
  const [program = '', ...args] = words
  const inside = execWords(words)
  if (inside) {
    const { container, file, args: theirs, left } = readExec(inside)
    const name =
      /^\/opt\/kafka\/bin\/([\w-]+)\.sh$/.exec(file)?.[1] ??
      refuse(`exec: "${file}": executable file not found`)
    return { ...toolMeaning(name, theirs, container), ...left }
  }
  if (program === 'docker-compose') return composeMeaning(args)
  if (program === 'docker' && args[0] === 'compose') return composeMeaning(args.slice(1))
  return toolMeaning(program.replace(/^.*[\\/]/, '').replace(/\.(sh|bat)$/, ''), args, null)
}

function toolMeaning(name: string, words: string[], container: string | null): Meaning {
  if (!(name in toolOptions)) refuse(`${name}: command not found`)
  const options = readTool(name as ToolName, words)
  const server = servers(options.needed('bootstrap-server'))
  const meaning = meanings[name as ToolName](options)
  return { ...meaning, place: { server, container }, ...options.left() }
}
