import { randomInt } from 'node:crypto'
import path from 'node:path'
import type { Confinement } from '../answer/confine.ts'
import { NODE_IMAGE } from '../answer/container.ts'
import { type Keeper, startKeeper } from '../answer/start-keeper.ts'
import type { RunContext } from '../check/context.ts'
import { WorkbookError } from '../errors.ts'
import type { Broker } from '../kafka/broker.ts'
import type { ContainerOptions } from '../kafka/container.ts'
import { findEngine } from '../kafka/engine.ts'
import { startBroker } from '../kafka/start.ts'
import { endRun, noteRun } from './named-runs.ts'
import { openSweeper, type Sweeper } from './sweeper.ts'

/** What stands behind every run: a broker and a keeper, in or under the main process. */
export interface Backstage {
  broker: Broker
  keeper: Keeper
  sweeper: Sweeper
  /** What vitest's workers are told; the answers are added for each judgement. */
  context: RunContext
  close(): Promise<void>
}

export interface BackstageOptions {
  root: string
  /** Folder of the built harness: `keeper.mjs`, `child.mjs` and `check.mjs` lie in it. */
  built: string
  /**
   * As `--broker` has it; without it, the variable KAFKA_WORKBOOK_BROKER, else `auto`. One that runs already stays as it is
   * when this is closed.
   */
  broker?: string | Broker | undefined
  /** How many nodes a broker that is started gets; 1 by default. */
  nodes?: number | undefined
  /** Whether a cluster that is named may be on another machine. */
  foreign?: boolean
  seed?: number | undefined
  /** How much the answers are trusted; `learn` when nothing is said. */
  confinement?: Confinement | undefined
  allWire?: boolean
  onProgress?(line: string): void
}

/** Starts the keeper at once, then the broker. Throws a WorkbookError when the broker cannot be had. */
export async function openBackstage(options: BackstageOptions): Promise<Backstage> {
  const { root, built, confinement = 'learn', onProgress = () => {} } = options
  if (confinement === 'container') await requireNodeImage()
  const seed = options.seed ?? randomInt(1, 10_000)
  const keeper = startKeeper({
    root,
    keeperFile: path.join(built, 'keeper.mjs'),
    childFile: path.join(built, 'child.mjs'),
    confinement,
  })
  try {
    const broker = await brokerOf(options.broker, {
      root,
      nodes: options.nodes,
      foreign: options.foreign,
      onProgress,
    })
    const sweeper = openSweeper(broker)
    const run = newRun(broker)
    noteRun(root, run, broker)
    const context: RunContext = {
      root,
      run,
      seed,
      broker: {
        kind: broker.kind,
        version: broker.version,
        bootstrap: broker.bootstrap,
        security: broker.security ?? null,
        minSessionTimeoutMs: broker.minSessionTimeoutMs,
      },
      keeper: keeper.address,
      answerFiles: {},
      guarded: confinement !== 'learn' || broker.guarded === true,
      allWire: options.allWire ?? false,
    }
    return {
      broker,
      keeper,
      sweeper,
      context,
      async close() {
        await sweeper.close()
        // What cannot be deleted now stays noted for `npm run broker -- clean`.
        if (broker.named) await endRun(root, run, broker).catch(() => {})
        await Promise.allSettled([keeper.stop(), broker.stop()])
      },
    }
  } catch (error) {
    await keeper.stop()
    throw error
  }
}

/** Short; on a cluster that many use at the same time, long enough that no two runs meet. */
function newRun({ named }: Broker): string {
  const length = named ? 8 : 4
  return randomInt(36 ** length)
    .toString(36)
    .padStart(length, '0')
}

async function requireNodeImage(): Promise<void> {
  const engine = await findEngine()
  if (!engine) {
    throw new WorkbookError(
      'No container engine answers on this machine.',
      'Start Docker, or use --strict instead.',
    )
  }
  if (await engine.hasImage(NODE_IMAGE)) return
  throw new WorkbookError(
    `The image ${NODE_IMAGE}, in which answers run, is not on this machine.`,
    `Fetch it once: docker pull ${NODE_IMAGE}`,
  )
}

async function brokerOf(given: string | Broker | undefined, options: ContainerOptions): Promise<Broker> {
  if (typeof given === 'object') return { ...given, stop: async () => {} }
  return startBroker(given ?? process.env.KAFKA_WORKBOOK_BROKER, options)
}
