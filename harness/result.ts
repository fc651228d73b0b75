/** The shapes that travel between the parts of the harness. This file imports nothing. */

/** How one check, or one run, ended. `blocked` and `error` are never charged to the learner. */
export type CheckVerdict = 'passed' | 'failed' | 'blocked' | 'error'
export type Verdict = 'passed' | 'failed' | 'not written' | 'error'

/** A place in the learner's own file, or in a scene; lines and columns count from 1. */
export interface Place {
  file: string
  line: number
  column?: number
  /** The function that the place lies in, where it is known. */
  within?: string
}

/** One line of what the answer printed, with the place of the call that printed it where it is known. */
export interface OutputLine {
  stream: 'stdout' | 'stderr'
  text: string
  at?: Place
}

/** One line of the wire strip: one fact that the wiretap saw. */
export interface WireLine {
  /** Milliseconds since the scene started. */
  atMs: number
  /** Who spoke: the lane's name when a check plays several scenes, else empty. */
  lane: string
  /** Kafka's name of the request. */
  api: string
  text: string
  /** True for the line that a failed check is about. */
  marked: boolean
}

/** Who owned which partition of one topic, and when: one consumer group as the wiretap saw it. Times as in `WireLine`. */
export interface Ownership {
  group: string
  topic: string
  fromMs: number
  toMs: number
  /** In the order in which they got their first assignment, `A` first; one that got no partition is among them. */
  members: { letter: string; lane: string }[]
  partitions: { partition: number; spans: OwnedSpan[] }[]
  departures: Departure[]
}

/** `owner` is a member's letter. Where no span is, nobody owned the partition. */
export interface OwnedSpan {
  owner: string
  fromMs: number
  toMs: number
}

/** The end of a member that owned partitions: it left its group, its process was gone, or others got what it had. */
export interface Departure {
  member: string
  how: 'left' | 'gone' | 'expelled'
  atMs: number
  /** The longest that one of its partitions had no owner from then on; absent when one of them never got another. */
  unownedMs?: number
}

export interface NamedMistake {
  id: string
  sentence: string
}

export interface CheckResult {
  /** Stable: `03-produce-event/key-is-order-id`. */
  id: string
  title: string
  verdict: CheckVerdict
  /** The ids (without the exercise's name) of the checks that must pass first. */
  after: string[]
  stretch: boolean
  points: number
  durationMs: number
  /** What went wrong, in a sentence; absent when the check passed. */
  message?: string
  mistake?: NamedMistake
  expected?: string
  actual?: string
  at?: Place
  /** True when the answer threw an error that starts with TODO. */
  notWritten?: boolean
  /** What a failed check had asked of a pure answer, in a few lines, and the file that tells what was given and returned. */
  calls?: string[]
  callFile?: string
  wire: WireLine[]
  /** One for each group and topic of which several members, or one member several times, got partitions. */
  ownership: Ownership[]
  logs: OutputLine[]
  /** The file that holds the whole output when `logs` was cut. */
  logFile?: string
}

export interface AnswerIdentity {
  kind: 'exercise' | 'solution' | 'alternative' | 'mistake' | 'file'
  /** Relative to the workbook where it lies inside, with forward slashes. */
  path: string
  /** First 6 hex digits of the sha256 of the text with LF line ends. */
  hash: string
}

export interface ExerciseResult {
  /** `03-produce-event` */
  exercise: string
  answer: AnswerIdentity
  verdict: Verdict
  durationMs: number
  checks: CheckResult[]
}

export type BrokerKind = 'embedded' | 'container' | 'jvm' | 'cluster'

/** The content of `result.json`; its schema is harness/result.schema.json. */
export interface Result {
  schemaVersion: 1
  /** Version of the workbook. */
  workbook: string
  node: string
  broker: { kind: BrokerKind; version: string }
  seed: number
  /** ISO 8601. */
  startedAt: string
  durationMs: number
  results: ExerciseResult[]
}
