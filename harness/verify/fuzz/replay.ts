import { existsSync, readFileSync } from 'node:fs'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import { TOPICS } from './messages.ts'
import { MemoryPeer, type Outcome } from './peers.ts'

/** The frames of a find as text: hex, one frame in each line. */
export function showFrames(frames: readonly Buffer[]): string {
  return frames.map((frame) => frame.toString('hex')).join('\n')
}

/** Reads what `showFrames` wrote: the text itself, or the name of a file that holds it. */
export function readHexFrames(textOrFile: string): Buffer[] {
  const text = existsSync(textOrFile) ? readFileSync(textOrFile, 'utf8') : textOrFile
  return text
    .split(/\s+/)
    .filter(Boolean)
    .map((line) => Buffer.from(line, 'hex'))
}

/** Sends these frames over one connection to a fresh broker; what became of each, and the errors of the broker. */
export async function replay(frames: readonly Buffer[]): Promise<{ outcomes: Outcome[]; bugs: unknown[] }> {
  const bugs: unknown[] = []
  const broker = await startEmbedded({ onBug: (bug) => bugs.push(bug) })
  for (const name of TOPICS) {
    broker.state.topics.create({ name, replicas: [[1], [1], [1]], configs: new Map() })
  }
  const peer = new MemoryPeer(broker.state, { onBug: (bug) => bugs.push(bug) }, true)
  const outcomes: Outcome[] = []
  for (const frame of frames) outcomes.push(await peer.attack({ kind: 'replayed', pieces: [frame] }))
  await broker.close()
  return { outcomes, bugs }
}
