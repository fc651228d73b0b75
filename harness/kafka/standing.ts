import { type BrokerFile, listBrokerFiles, readBrokerFile, type StandingKind } from './broker-file.ts'
import { connect } from './client/client.ts'

/** A broker is used again for this long, and removed by the first run after that. */
export const REUSE_MS = 2 * 60 * 60 * 1000
const ANSWER_MS = 1000

/** The broker that an earlier run left, when it is the right one, young enough, and answers. No engine is asked. */
export async function findStanding(
  root: string,
  { kind, nodes, version }: { kind: StandingKind; nodes: number; version: string },
): Promise<BrokerFile | null> {
  const file = readBrokerFile(root, kind, nodes)
  if (file === null || file.version !== version || isOld(Date.parse(file.startedAt))) return null
  return (await nodesUp(file.bootstrap)) >= nodes ? file : null
}

/** What earlier runs left up, and how many of its nodes answer. */
export async function listStanding(root: string): Promise<{ file: BrokerFile; up: number }[]> {
  return Promise.all(listBrokerFiles(root).map(async (file) => ({ file, up: await nodesUp(file.bootstrap) })))
}

export function isOld(sinceMs: number, nowMs = Date.now()): boolean {
  return !(nowMs - sinceMs < REUSE_MS)
}

/**
 * How many nodes the cluster says that it has; 0 when nobody answers. A port may be open before its node has joined, so an
 * answered request is what counts.
 */
export async function nodesUp(bootstrap: string): Promise<number> {
  try {
    const client = await connect(bootstrap, { timeoutMs: ANSWER_MS })
    try {
      return (await client.metadata([])).brokers.length
    } finally {
      client.close()
    }
  } catch {
    return 0
  }
}
