import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** A broker of ours that can stay up between runs. */
export type StandingKind = 'container' | 'jvm'

/** What one run leaves for the next: a broker that is up. */
export interface BrokerFile {
  kind: StandingKind
  /** One for each node: the engine's id of a container, or the folder of a Java process. */
  nodes: string[]
  /** Kafka's version. */
  version: string
  /** `host:port`, one for each node, joined by commas. */
  bootstrap: string
  /** ISO 8601. */
  startedAt: string
}

const KINDS: readonly StandingKind[] = ['container', 'jvm']
export const MOST_NODES = 5

/** The broker of so many nodes that an earlier run left, or null when there is none or its file cannot be read. */
export function readBrokerFile(root: string, kind: StandingKind, nodes: number): BrokerFile | null {
  for (const file of places(root, kind, nodes)) {
    const content = parse(file)
    if (content?.kind === kind && content.nodes.length === nodes) return content
  }
  return null
}

/** All brokers that earlier runs left. */
export function listBrokerFiles(root: string): BrokerFile[] {
  const sizes = Array.from({ length: MOST_NODES }, (_, index) => index + 1)
  return KINDS.flatMap((kind) => sizes.flatMap((nodes) => readBrokerFile(root, kind, nodes) ?? []))
}

/** Writes the file unless there is one already; returns where it lies, or null. */
export function writeBrokerFile(root: string, content: BrokerFile): string | null {
  for (const file of places(root, content.kind, content.nodes.length)) {
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true })
      fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx' })
      return file
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException
      if (code === 'EEXIST' && syscall === 'open') return null
      // The folder cannot be written to: the other place.
    }
  }
  return null
}

export function removeBrokerFile(root: string, kind: StandingKind, nodes: number): void {
  for (const file of places(root, kind, nodes)) {
    try {
      fs.rmSync(file, { force: true })
    } catch {
      // A read-only workbook has its file in the other place.
    }
  }
}

/** `.workbook/broker-container-1.json`, or a file in the temporary folder when the workbook is read-only. */
function places(root: string, kind: StandingKind, nodes: number): string[] {
  const name = `broker-${kind}-${nodes}`
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 16)
  return [
    path.join(root, '.workbook', `${name}.json`),
    path.join(os.tmpdir(), `kafka-workbook-${name}-${hash}.json`),
  ]
}

/** Null for a file that is not there, or damaged. */
function parse(file: string): BrokerFile | null {
  try {
    const { kind, nodes, version, bootstrap, startedAt } = JSON.parse(fs.readFileSync(file, 'utf8'))
    const texts = [version, bootstrap, startedAt, ...nodes]
    if (!KINDS.includes(kind) || !texts.every((one) => typeof one === 'string')) return null
    return { kind, nodes, version, bootstrap, startedAt }
  } catch {
    return null
  }
}
