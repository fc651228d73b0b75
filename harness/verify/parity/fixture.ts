import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Step } from './transcript.ts'

/** What real Kafka answered to the sequences of one file. */
export interface Recording {
  /** The version of Kafka that answered. */
  kafka: string
  /** By the id of the sequence, in the order of the file. */
  sequences: Record<string, Step[]>
}

function recordingFile(root: string, name: string): string {
  return path.join(root, 'harness', 'verify', 'parity', 'recorded', `${name}.json`)
}

/** The recording of one file of sequences; null when there is none yet. */
export function readRecording(root: string, name: string): Recording | null {
  const file = recordingFile(root, name)
  if (!existsSync(file)) return null
  const { kafka, sequences } = JSON.parse(readFileSync(file, 'utf8'))
  const steps = (rows: [string, unknown][]) => rows.map(([request, answer]) => ({ request, answer }))
  return {
    kafka,
    sequences: Object.fromEntries(
      Object.entries<[string, unknown][]>(sequences).map(([id, rows]) => [id, steps(rows)]),
    ),
  }
}

/** Writes a recording as JSON, one line for each step: small, and a change is seen at a glance. */
export function writeRecording(root: string, name: string, { kafka, sequences }: Recording): void {
  const rows = (steps: Step[]) =>
    steps.map(({ request, answer }) => `      ${JSON.stringify([request, answer])}`).join(',\n')
  const parts = Object.entries(sequences).map(
    ([id, steps]) => `    ${JSON.stringify(id)}: [\n${rows(steps)}\n    ]`,
  )
  const file = recordingFile(root, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(
    file,
    `{\n  "kafka": ${JSON.stringify(kafka)},\n  "sequences": {\n${parts.join(',\n')}\n  }\n}\n`,
  )
}
