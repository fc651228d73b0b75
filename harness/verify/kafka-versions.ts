import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { markdownTable } from './markdown-table.ts'

/** What came of judging answers on one version of Kafka. */
export interface VersionRow {
  /** `4.0.1` */
  kafka: string
  /** `all`, or the numbers of some: `03 08`. */
  exercises: string
  answers: number
  /** From what the answers promise: their verdicts and their mistakes. */
  differences: number
  /** `2026-11-21` */
  on: string
}

const FILE = ['harness', 'verify', 'kafka-versions.json']

/** Every version that was judged, the oldest first. */
export function readVersions(root: string): VersionRow[] {
  const file = path.join(root, ...FILE)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
}

/** Keeps one version's row in place of its last one; the table in the documents is made of these rows. */
export function keepVersion(root: string, row: VersionRow): void {
  const others = readVersions(root).filter(({ kafka }) => kafka !== row.kafka)
  const rows = [...others, row].sort((a, b) => a.kafka.localeCompare(b.kafka, 'en', { numeric: true }))
  writeFileSync(path.join(root, ...FILE), `${JSON.stringify(rows, null, 2)}\n`)
}

/** The table of docs/kafka-versions.md. */
export function versionTable(root: string): string[] {
  const rows = readVersions(root).map(({ kafka, exercises, answers, differences, on }) => [
    kafka,
    exercises,
    answers,
    differences,
    on,
  ])
  return markdownTable(['Kafka', 'exercises', '>answers', '>differences', 'judged on'], rows)
}
