import { WorkbookError } from '../errors.ts'
import type { StandingKind } from '../kafka/broker-file.ts'
import { KAFKA_IMAGE } from '../kafka/kafka-image.ts'
import { cleanUp, pullImage, standingLogs, startStanding, stopStanding } from '../kafka/lifecycle.ts'
import { listStanding, REUSE_MS } from '../kafka/standing.ts'
import { paint, plain } from '../report/style.ts'
import { endLostRuns } from '../run/named-runs.ts'
import { serveBroker } from './broker-serve.ts'
import type { Invocation } from './command.ts'

const LOG_LINES = 40
const MINUTE_MS = 60_000

const ACTIONS: Record<string, (invocation: Invocation) => Promise<number>> = {
  status,
  start,
  stop,
  logs,
  pull,
  clean,
  serve: serveBroker,
}

/** Looks after the brokers that stay up between runs; without a word, says which there are. */
export async function run(invocation: Invocation): Promise<number> {
  const [action = 'status', ...rest] = invocation.args.positionals
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
  if (!act || rest.length > (action === 'start' ? 1 : 0)) {
    throw new WorkbookError(
      `The broker cannot "${invocation.args.positionals.join(' ')}".`,
      `It can: ${Object.keys(ACTIONS).join(', ')}. For instance: npm run broker start container`,
    )
  }
  return act(invocation)
}

async function status({ root, screen }: Invocation): Promise<number> {
  const standing = await listStanding(root)
  const lines = standing.map(({ file: { kind, nodes, version, bootstrap, startedAt }, up }) => {
    const left = Math.max(0, Math.round((Date.parse(startedAt) + REUSE_MS - Date.now()) / MINUTE_MS))
    const isUp = up >= nodes.length
    const state = isUp ? 'up' : up > 0 ? `${up} of ${nodes.length} nodes are up` : 'does not answer'
    const colour = isUp ? 'green' : 'red'
    const dash = nodes.length > 1 ? ` --nodes ${nodes.length}` : ''
    return [
      `  ${paint(screen.look, colour, state)}  Kafka ${version}, ${kind}, ${bootstrap}`,
      isUp
        ? `      npm test 03 -- --broker ${kind}${dash}      (for ${left} more minutes)`
        : '      why: npm run broker logs      away with it: npm run broker stop',
    ].join('\n')
  })
  screen.print(
    lines.length > 0
      ? ['', ...lines, '']
      : ['', '  No broker is up. Exercises start what they need: npm run broker start saves that time.', ''],
  )
  return 0
}

async function start({ root, args, screen }: Invocation): Promise<number> {
  const kind = args.positionals[1]
  if (kind !== undefined && kind !== 'container' && kind !== 'jvm') {
    throw new WorkbookError(
      `There is no broker "${kind}" to start.`,
      'Choose container or jvm, or leave it out.',
    )
  }
  const nodes = args.count('nodes')
  const onProgress = (line: string) => screen.note(line)
  const broker = await startStanding(kind as StandingKind | undefined, { root, nodes, onProgress })
  const dash = nodes !== undefined && nodes > 1 ? ` --nodes ${nodes}` : ''
  screen.print([
    `Kafka ${broker.version} is up at ${broker.bootstrap}`,
    `use it:  npm test 03 -- --broker ${broker.kind}${dash}`,
    'end it:  npm run broker stop',
  ])
  return 0
}

async function stop({ root, screen }: Invocation): Promise<number> {
  const stopped = await stopStanding(root)
  const count = (kind: StandingKind) => stopped.filter((one) => one === kind).length
  const parts = [
    count('container') > 0 ? some(count('container'), 'container') : '',
    count('jvm') > 0 ? some(count('jvm'), 'Java process', 'Java processes') : '',
  ].filter(Boolean)
  screen.print(parts.length > 0 ? `Stopped and removed: ${parts.join(', ')}.` : 'No broker was up.')
  return 0
}

async function logs({ root, screen }: Invocation): Promise<number> {
  const all = await standingLogs(root, LOG_LINES)
  if (all.length === 0) screen.print('No broker is up, so there is no log.')
  for (const { heading, log } of all) screen.print([`--- ${heading}`, plain(log)])
  return 0
}

async function pull({ screen }: Invocation): Promise<number> {
  screen.note(`Fetching ${KAFKA_IMAGE} ...`)
  const isNew = await pullImage((percent) => screen.progress(`  ${String(percent).padStart(3)} %`))
  screen.print(isNew ? `${KAFKA_IMAGE} is here.` : `${KAFKA_IMAGE} was here already.`)
  return 0
}

async function clean({ root, screen }: Invocation): Promise<number> {
  const runs = await endLostRuns(root)
  const { containers, folders, forgotten } = await cleanUp(root)
  const parts = [
    some(containers, 'container'),
    some(folders, 'folder'),
    some(forgotten, 'note of a broker', 'notes of brokers'),
    ...(runs > 0 ? [`what ${some(runs, 'run')} left on a named cluster`] : []),
  ]
  screen.print(
    containers + folders + forgotten + runs > 0
      ? `Removed: ${parts.join(', ')}.`
      : 'Nothing was left behind.',
  )
  return 0
}

function some(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
