import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { connect } from '../kafka/client/client.ts'
import { startEmbedded } from '../kafka/embedded/start.ts'
import { startJvm } from '../kafka/jvm.ts'
import { median } from '../median.ts'
import { processes, processesBelow } from './processes.ts'
import { startNode } from './start-node.ts'

/** A broker that is measured: started anew as a process of its own, or one that runs already. */
export interface Contender {
  name: string
  isRunning: boolean
  /** Resolves when the broker has answered its first request; `warm` is when its internal topics are there, too. */
  start(options: { warm: boolean }): Promise<RunningContender>
  /** Milliseconds from nothing to the first answered request inside this process, where the broker can do that. */
  startInside?(): Promise<number>
}

export interface RunningContender {
  bootstrap: string
  /** Resident memory of the broker's processes in MiB; null where it cannot be told. */
  memoryMiB(): number | null
  stop(): Promise<void>
}

/** The embedded broker as `npm run broker -- serve` starts it. */
export function embeddedContender(root: string): Contender {
  return {
    name: 'embedded',
    isRunning: false,
    startInside,
    async start() {
      const launcher = path.join(root, 'harness', 'bin', 'workbook.mjs')
      const child = startNode([launcher, 'broker', 'serve', '--port', '0'])
      child.stderr.pipe(process.stderr)
      const ended = once(child, 'exit')
      const bootstrap = await addressOf(child.stdout)
      await firstAnswer(bootstrap)
      return {
        bootstrap,
        memoryMiB: () => memoryOf(child.pid as number),
        async stop() {
          child.kill()
          await ended
        },
      }
    },
  }
}

const STARTS = 10

/** The median of some starts. A run of the workbook starts the embedded broker in this way. */
export async function startInside(): Promise<number> {
  const times: number[] = []
  for (let count = 0; count < STARTS; count++) {
    const startedAt = performance.now()
    const broker = await startEmbedded({})
    await firstAnswer(broker.bootstrap)
    times.push(performance.now() - startedAt)
    await broker.close()
  }
  return median(times)
}

/** `node 1 serves at 127.0.0.1:41234` */
async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const address = / serves at (\S+)$/.exec(line)?.[1]
    if (address) return address
  }
  throw new Error('The embedded broker ended before it served.')
}

/** Asks for nothing in particular, on a connection of its own. */
async function firstAnswer(bootstrap: string): Promise<void> {
  const client = await connect(bootstrap, { timeoutMs: 3000 })
  await client.metadata([])
  client.close()
}

/** Real Kafka as a Java process, from the jars in KAFKA_HOME. */
export function jvmContender(root: string, version: string): Contender {
  return {
    name: `Kafka ${version}`,
    isRunning: false,
    async start({ warm }) {
      const before = new Set(processesBelow(process.pid).map(({ pid }) => pid))
      const { bootstrap, stop } = await startJvm({ root, warm, onProgress: () => {} })
      const keeper = processesBelow(process.pid).find(
        ({ pid, parent }) => parent === process.pid && !before.has(pid),
      )
      return { bootstrap, stop, memoryMiB: () => (keeper ? memoryOf(keeper.pid) : null) }
    },
  }
}

/** A cluster that runs already: it cannot be started, and its memory is its own affair. */
export function namedContender(bootstrap: string): Contender {
  return {
    name: bootstrap,
    isRunning: true,
    start: async () => ({ bootstrap, memoryMiB: () => null, stop: async () => {} }),
  }
}

/** The memory of a process and all below it, the largest of them: a keeper beside Java is not the broker. */
function memoryOf(pid: number): number | null {
  const sizes = processes()
    .filter((one) => one.pid === pid)
    .concat(processesBelow(pid))
    .map(({ rssKiB }) => rssKiB)
  return sizes.length === 0 ? null : Math.max(...sizes) / 1024
}
