/**
 * The embedded broker in a process of its own, which tells its parent what it holds. Node's `--expose-gc` is needed: what
 * counts is what a garbage collection leaves.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import type { Holdings, SoakAnswer, SoakQuestion } from './measure.ts'

const broker = await startEmbedded()

async function holdings(): Promise<Holdings> {
  // Some objects go only when others have gone.
  for (let time = 0; time < 3; time++) {
    globalThis.gc?.()
    await nextTurn()
  }
  const resources: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  const { topics, groups } = broker.state
  return {
    resources,
    topics: topics.count,
    groups: groups.list().length,
    heapBytes: heapUsed,
    bufferBytes: arrayBuffers,
  }
}

function tell(answer: SoakAnswer): void {
  process.send?.(answer)
}

process.on('message', async ({ ask }: SoakQuestion) => {
  if (ask === 'holdings') tell({ holdings: await holdings() })
})
process.on('disconnect', () => process.exit())
tell({ bootstrap: broker.bootstrap })
