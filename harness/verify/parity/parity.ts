import { WorkbookError } from '../../errors.ts'
import { ALLOWED, type Allowed, judgeDifferences } from './allowed.ts'
import { compareSteps, type Difference } from './compare.ts'
import { errorCoverage, sequencesPerApi, type Transcripts, UNREACHABLE } from './coverage.ts'
import { readRecording } from './fixture.ts'
import { type Replaced, SORTED } from './normalise.ts'
import { type Played, type PlayHooks, playAll, type Target } from './run.ts'
import type { Sequence, SequenceFile } from './sequence.ts'
import type { Step } from './transcript.ts'
import { UNORDERED } from './unordered.ts'

/** What the sequences of one run answered, and what was made equal on the way. */
export interface Run {
  transcripts: Transcripts
  replaced: Replaced
  /** How long each sequence took, in milliseconds. */
  durations: ReadonlyMap<string, number>
  /** Sequences that did not come to their end, with the reason. */
  broken: string[]
}

/** Plays sequences on one broker. */
export async function playOn(
  target: Target,
  sequences: readonly Sequence[],
  onPlayed: (played: Played) => void = () => {},
): Promise<Run> {
  const replaced: Replaced = new Map()
  const hooks: PlayHooks = { replaced, onPlayed }
  const played = await playAll(sequences, target, hooks)
  const broken = played.filter(({ error }) => error)
  return {
    transcripts: new Map(played.map(({ sequence, steps }) => [sequence.id, steps])),
    replaced,
    durations: new Map(played.map(({ sequence, durationMs }) => [sequence.id, durationMs])),
    broken: broken.map(({ sequence, error }) => `${sequence.id}: ${error?.message}`),
  }
}

/** What was played on several clusters, as one run. */
export function joinRuns(runs: readonly Run[]): Run {
  const replaced: Replaced = new Map()
  for (const run of runs) {
    for (const [kind, count] of run.replaced) replaced.set(kind, (replaced.get(kind) ?? 0) + count)
  }
  return {
    transcripts: new Map(runs.flatMap((run) => [...run.transcripts])),
    replaced,
    durations: new Map(runs.flatMap((run) => [...run.durations])),
    broken: runs.flatMap((run) => run.broken),
  }
}

/** What real Kafka answered when it was recorded. */
export interface Recorded {
  /** The version, or versions, of the Kafka that answered. */
  kafka: string
  transcripts: Transcripts
}

/** Reads the recordings of all files; a sequence without one is left out, and shows as a difference. */
export function readRecordings(root: string, files: readonly SequenceFile[]): Recorded {
  const versions = new Set<string>()
  const transcripts = new Map<string, readonly Step[]>()
  for (const { name } of files) {
    const recording = readRecording(root, name)
    if (!recording) continue
    versions.add(recording.kafka)
    for (const [id, steps] of Object.entries(recording.sequences)) transcripts.set(id, steps)
  }
  return { kafka: [...versions].join(', '), transcripts }
}

/** The differences between two brokers, over all of `sequences`. */
export function differencesBetween(
  embedded: Transcripts,
  kafka: Transcripts,
  sequences: readonly Sequence[],
): Difference[] {
  return sequences.flatMap(({ id }) => compareSteps(id, embedded.get(id) ?? [], kafka.get(id) ?? []))
}

/** What parity found out; everything in `problems` makes it red. */
export interface Report {
  sequences: number
  steps: number
  replaced: Record<string, number>
  /** Lists without an order in Kafka that were sorted. */
  sorted: number
  left: Difference[]
  allowed: Difference[]
  problems: string[]
  perApi: Record<string, number>
  errorsSeen: string[]
  unreachable: Partial<Record<string, string>>
}

const FEWEST_PER_API = 5

/** Compares a run of the embedded broker with what Kafka answered. What only a whole run can tell is told for one alone. */
export function report(
  ours: Run,
  kafka: Transcripts,
  sequences: readonly Sequence[],
  { isWhole, entries }: { isWhole: boolean; entries: ReadonlySet<string> },
): Report {
  const { left, allowed, unused } = judgeDifferences(differencesBetween(ours.transcripts, kafka, sequences))
  const perApi = sequencesPerApi(ours.transcripts)
  const errors = errorCoverage(kafka)
  const few = [...perApi].filter(([, count]) => count < FEWEST_PER_API)
  const whole = [
    ...unused.map((one) => `allowed.ts allows what is no difference: ${words(one)}`),
    ...errors.wrong,
    ...few.map(([name, count]) => `${name} is in ${count} sequences, not in ${FEWEST_PER_API}`),
  ]
  return {
    sequences: sequences.length,
    steps: [...ours.transcripts.values()].reduce((sum, steps) => sum + steps.length, 0),
    replaced: Object.fromEntries([...ours.replaced].filter(([kind]) => kind !== SORTED).sort()),
    sorted: ours.replaced.get(SORTED) ?? 0,
    left,
    allowed,
    problems: [...ours.broken, ...unknownEntries(entries), ...(isWhole ? whole : [])],
    perApi: Object.fromEntries(perApi),
    errorsSeen: errors.seen,
    unreachable: UNREACHABLE,
  }
}

function unknownEntries(entries: ReadonlySet<string>): string[] {
  const named = [...ALLOWED, ...UNORDERED].map(({ entry }) => entry)
  return named
    .filter((entry) => !entries.has(entry))
    .map((entry) => `NOT-IMPLEMENTED.md has no entry ${entry}`)
}

function words({ sequence, step, path }: Allowed): string {
  return `${sequence}, step ${step}, ${path}`
}

/** The sequences that the words name: an id, what an id begins with, a file, or an API key. No words are all sequences. */
export function chooseSequences(files: readonly SequenceFile[], wanted: readonly string[]): Sequence[] {
  const all = files.flatMap(({ sequences }) => sequences)
  if (wanted.length === 0) return all
  const chosen = new Set<Sequence>()
  for (const word of wanted) {
    const found = files.flatMap(({ name, sequences }) => {
      const isFile = name === word || (/^\d+$/.test(word) && Number(word) === Number.parseInt(name, 10))
      return isFile ? sequences : sequences.filter(({ id }) => id.startsWith(word))
    })
    if (found.length === 0) {
      const names = files.map(({ name }) => name).join(', ')
      throw new WorkbookError(`There is no sequence ${word}.`, `An id, an API key, or one of: ${names}`)
    }
    for (const one of found) chosen.add(one)
  }
  return all.filter((one) => chosen.has(one))
}
