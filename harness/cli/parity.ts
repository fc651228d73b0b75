import { WorkbookError } from '../errors.ts'
import { openCluster } from '../kafka/cluster.ts'
import { findKafkaHome } from '../kafka/kafka-home.ts'
import { warmUp } from '../kafka/warm-up.ts'
import { type Contestant, namedKafka, startKafka, startOurs } from '../verify/parity/brokers.ts'
import { showDifference } from '../verify/parity/compare.ts'
import { writeRecording } from '../verify/parity/fixture.ts'
import { runMutants } from '../verify/parity/mutation-run.ts'
import { notImplementedEntries } from '../verify/parity/not-implemented.ts'
import {
  chooseSequences,
  differencesBetween,
  joinRuns,
  playOn,
  type Report,
  type Run,
  readRecordings,
  report,
} from '../verify/parity/parity.ts'
import { byNodes, type Sequence } from '../verify/parity/sequence.ts'
import { SEQUENCE_FILES } from '../verify/parity/sequence-files.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'

/**
 * Plays scripts of raw requests on the embedded broker and compares every answer with those of real Kafka: recorded ones, or
 * with `--live` those of a Kafka that runs beside it. Exit code 1 when something differs that NOT-IMPLEMENTED.md does not
 * tell.
 */
export async function run(invocation: Invocation): Promise<number> {
  const { root, args, screen } = invocation
  if (args.flag('record') && !args.flag('live')) {
    throw new WorkbookError('Only a live Kafka can be recorded.', 'npm run parity -- --live --record')
  }
  const chosen = chooseSequences(SEQUENCE_FILES, args.positionals)
  // A cluster that runs already is not stopped, and is taken for one node.
  const sequences = chosen.filter(({ nodes }) => args.text('broker') === undefined || nodes === 1)
  const isWhole = sequences.length === chooseSequences(SEQUENCE_FILES, []).length
  const recorded = readRecordings(root, SEQUENCE_FILES)
  const live = args.flag('live') ? await playLive(invocation, sequences) : null
  const ours = await playOurs(invocation, sequences)
  if (args.flag('mutate')) return mutate(invocation, sequences, recorded.transcripts, ours)
  const found = report(ours, live?.run.transcripts ?? recorded.transcripts, sequences, {
    isWhole,
    entries: notImplementedEntries(root),
  })
  if (live) {
    found.problems.push(...live.run.broken.map((words) => `on Kafka: ${words}`))
    if (args.flag('record')) recordAll(root, live)
    else found.problems.push(...changesSinceRecording(recorded.transcripts, live.run, sequences))
  }
  const kafka = live ? `Kafka ${live.version}, live` : `Kafka ${recorded.kafka}, recorded`
  screen.print(args.flag('json') ? JSON.stringify({ kafka, ...found }, null, 2) : showReport(kafka, found))
  return found.left.length + found.problems.length === 0 ? 0 : 1
}

/** Exit code 1 when a changed broker still looks right. */
async function mutate(
  { args, screen }: Invocation,
  sequences: readonly Sequence[],
  recorded: Run['transcripts'],
  { durations }: Run,
): Promise<number> {
  const startedAt = performance.now()
  const found = await runMutants(sequences, recorded, durations, ({ api, name }) =>
    screen.progress(`  ${api} ${name}`),
  )
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  screen.print(
    args.flag('json')
      ? JSON.stringify(found, null, 2)
      : [
          ...found.survivors.map((name) => `  not noticed: ${name}`),
          ...found.unchanged.map((name) => `  nothing to change, not counted: ${name}`),
          `mutants: ${found.mutants}, ${found.killed} killed, ${found.survivors.length} not noticed (${seconds} s)`,
        ],
  )
  return found.survivors.length === 0 ? 0 : 1
}

interface Live {
  version: string
  run: Run
}

function playOurs({ screen }: Invocation, sequences: readonly Sequence[]): Promise<Run> {
  const start = (nodes: number) => startOurs({ nodes })
  return playWith(start, sequences, (id) => screen.progress(`  embedded: ${id}`))
}

async function playLive({ root, args, screen }: Invocation, sequences: readonly Sequence[]): Promise<Live> {
  const onPlayed = (id: string) => screen.progress(`  Kafka: ${id}`)
  const named = args.text('broker')
  if (named !== undefined) {
    const { version, bootstrap } = await openCluster(named)
    await warmUp(bootstrap)
    return { version, run: await playWith(async () => namedKafka(bootstrap), sequences, onPlayed) }
  }
  const start = (nodes: number) => startKafka(root, nodes, (line) => screen.note(line))
  return { version: findKafkaHome().version, run: await playWith(start, sequences, onPlayed) }
}

/** One cluster after the other: of one node, then of several. */
async function playWith(
  start: (nodes: number) => Promise<Contestant>,
  sequences: readonly Sequence[],
  onPlayed: (id: string) => void,
): Promise<Run> {
  const runs: Run[] = []
  for (const [nodes, some] of byNodes(sequences)) {
    const starting = start(nodes)
    const run = await withCleanUp(
      async () => (await starting).stop(),
      async () => playOn((await starting).target, some, ({ sequence }) => onPlayed(sequence.id)),
    )
    runs.push(run)
  }
  return joinRuns(runs)
}

/** Writes what Kafka answered, by file. With a choice of sequences, the others keep their recordings. */
function recordAll(root: string, { version, run }: Live): void {
  const before = readRecordings(root, SEQUENCE_FILES).transcripts
  for (const { name, sequences } of SEQUENCE_FILES) {
    if (!sequences.some(({ id }) => run.transcripts.has(id))) continue
    const steps = sequences.map(({ id }) => [id, [...(run.transcripts.get(id) ?? before.get(id) ?? [])]])
    writeRecording(root, name, { kafka: version, sequences: Object.fromEntries(steps) })
  }
}

function changesSinceRecording(
  recorded: Run['transcripts'],
  live: Run,
  sequences: readonly Sequence[],
): string[] {
  return differencesBetween(recorded, live.transcripts, sequences).map(
    ({ sequence, step, request, path, embedded, kafka }) =>
      `not as recorded: ${sequence}, step ${step}, ${request} ${path}: ` +
      `recorded ${JSON.stringify(embedded)}, now ${JSON.stringify(kafka)}`,
  )
}

function showReport(kafka: string, found: Report): string[] {
  const replaced = Object.entries(found.replaced)
  const sum = replaced.reduce((total, [, count]) => total + count, 0)
  const seen = found.errorsSeen.length
  const unreachable = Object.entries(found.unreachable)
  return [
    ...found.left.map((one) => `  ${showDifference(one)}`),
    ...found.problems.map((words) => `  ${words}`),
    `embedded broker against ${kafka}: ${found.sequences} sequences, ${found.steps} answers`,
    `replaced before comparing: ${sum} fields (${replaced.map(([kind, count]) => `${kind} ${count}`).join(', ')})`,
    `sorted before comparing: ${found.sorted} lists that have no order in Kafka`,
    `error codes: ${seen} seen, ${unreachable.length} cannot be had:`,
    ...unreachable.map(([name, why]) => `  ${name}: ${why}`),
    `differences: ${found.left.length} left, ${found.allowed.length} that NOT-IMPLEMENTED.md tells; ` +
      `${found.problems.length} other problems`,
  ]
}
