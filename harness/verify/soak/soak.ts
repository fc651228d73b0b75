import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { retryOn, throwOnError } from '../../kafka/client/broker-error.ts'
import { connect } from '../../kafka/client/client.ts'
import { DeleteTopics } from '../../kafka/protocol/api/20-delete-topics.ts'
import { DeleteGroups } from '../../kafka/protocol/api/42-delete-groups.ts'
import type { Job, SoakSize } from '../load/job.ts'
import { killedName } from '../load/soak.ts'
import { startNode } from '../start-node.ts'
import type { Holdings, SoakAnswer, SoakQuestion } from './measure.ts'

export const WHOLE: SoakSize = { cycles: 200, topics: 1000, records: 1_000_000, killed: 20 }
export const SHORT: SoakSize = { cycles: 10, topics: 50, records: 50_000, killed: 5 }
/** Compiles the broker's code and fills its caches, which is no leak. */
const WARM_UP: SoakSize = { cycles: 10, topics: 50, records: 20_000, killed: 5 }

/** Longer than any session or fetch of the load. */
const SETTLE_MS = 15_000

export interface Soaked {
  before: Holdings
  after: Holdings
}

/**
 * Puts a broker in a process of its own under the load, and asks what it holds before and after. Before the first question
 * it has been through a small load of the same kind.
 */
export async function soak(
  built: string,
  size: SoakSize,
  onProgress: (line: string) => void,
): Promise<Soaked> {
  const broker = fork(path.join(built, 'soak-broker.mjs'), { execArgv: ['--expose-gc'] })
  try {
    const { bootstrap } = (await answerOf(broker)) as Extract<SoakAnswer, { bootstrap: string }>
    const run = async (name: string, of: SoakSize) => {
      onProgress(`  ${name}: ${of.cycles} cycles, ${of.topics} topics, ${of.records} records`)
      await load(built, { kind: 'soak', bootstrap, name, size: of })
      await deleteWhatIsLeft(bootstrap, killedName(name))
    }
    const idle = await holdingsOf(broker)
    await run('warm-up', WARM_UP)
    const before = await settled(broker, idle)
    await run('soak', size)
    return { before, after: await settled(broker, before) }
  } finally {
    broker.kill()
  }
}

/** The broker's next word; rejects when it ends instead. */
async function answerOf(broker: ChildProcess): Promise<SoakAnswer> {
  const ended = new AbortController()
  const end = () => ended.abort(new Error('The broker of the soak has ended.'))
  broker.once('exit', end)
  try {
    const [answer] = await once(broker, 'message', { signal: ended.signal })
    return answer as SoakAnswer
  } finally {
    broker.off('exit', end)
  }
}

async function holdingsOf(broker: ChildProcess): Promise<Holdings> {
  const answer = answerOf(broker)
  const question: SoakQuestion = { ask: 'holdings' }
  broker.send(question)
  return ((await answer) as Extract<SoakAnswer, { holdings: Holdings }>).holdings
}

/** What the broker holds once it is as idle as before, or after 15 seconds without that. */
async function settled(broker: ChildProcess, idle: Holdings): Promise<Holdings> {
  const giveUpAt = Date.now() + SETTLE_MS
  for (;;) {
    const now = await holdingsOf(broker)
    if (isDeepStrictEqual(now.resources, idle.resources) || Date.now() > giveUpAt) return now
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Resolves when the load has killed itself; rejects when it ended in another way. */
async function load(built: string, job: Job): Promise<void> {
  const child = startNode([path.join(built, 'load.mjs'), JSON.stringify(job)])
  child.stdout.resume()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await once(child, 'close')
  if (said !== '') throw new Error(`The load failed: ${said}`)
}

/** The group is empty, and can be deleted, once its members have been missed. */
async function deleteWhatIsLeft(bootstrap: string, name: string): Promise<void> {
  const client = await connect(bootstrap, { timeoutMs: SETTLE_MS })
  try {
    await retryOn(['NON_EMPTY_GROUP'], SETTLE_MS, async () => {
      const { results } = await client.request(DeleteGroups, 'highest', { groupsNames: [name] })
      throwOnError(results[0]?.errorCode ?? -1, `deleting group ${name}`)
    })
    const body = { topics: [], topicNames: [name], timeoutMs: SETTLE_MS }
    const { responses } = await client.request(DeleteTopics, 3, body)
    throwOnError(responses[0]?.errorCode ?? -1, `deleting topic ${name}`)
  } finally {
    client.close()
  }
}
