import { WorkbookError } from '../errors.ts'
import type { Broker } from './broker.ts'
import { listBrokerFiles, removeBrokerFile, type StandingKind } from './broker-file.ts'
import { type ContainerOptions, openContainer, requireEngine } from './container.ts'
import { findEngine } from './engine.ts'
import { readJavaLog } from './java-process.ts'
import { startStandingJvm } from './jvm.ts'
import { KAFKA_IMAGE } from './kafka-image.ts'
import { removeJavaFolders, removeLeftovers, removeOwn } from './leftovers.ts'
import { pullMeter } from './pull-progress.ts'
import { listStanding, nodesUp } from './standing.ts'
import { checkNodes } from './start.ts'

const STOP_MS = 15_000

/** Starts a broker that stays up for later runs: of this kind, or of the first kind that can be had here. */
export async function startStanding(
  kind: StandingKind | undefined,
  options: ContainerOptions,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Broker> {
  checkNodes(options.nodes)
  if (kind === 'container') return leaveContainer(options)
  if (kind === 'jvm') return startStandingJvm(options)
  const engine = await findEngine(environment)
  if (await engine?.hasImage(KAFKA_IMAGE)) return leaveContainer(options)
  if (environment.KAFKA_HOME) return startStandingJvm(options)
  throw new WorkbookError(
    engine
      ? `The image ${KAFKA_IMAGE} is not on this machine, and KAFKA_HOME names no Kafka.`
      : 'No container engine answers on this machine, and KAFKA_HOME names no Kafka.',
    engine
      ? 'Fetch the image once: npm run broker pull'
      : 'What is missing, and how to get it: npm run doctor. The embedded broker needs nothing: npm run broker -- serve',
  )
}

/** It is for others: this process does not use it. */
async function leaveContainer(options: ContainerOptions): Promise<Broker> {
  const broker = await openContainer(options)
  await broker.stop()
  return broker
}

/** Stops every broker that runs of this workbook left up. Returns what was stopped, as `container` or `jvm`, one for each node. */
export async function stopStanding(root: string): Promise<StandingKind[]> {
  const files = listBrokerFiles(root)
  const jvm = files.filter(({ kind }) => kind === 'jvm')
  for (const { kind, nodes } of jvm) removeBrokerFile(root, kind, nodes.length)
  // The keepers see that the file is gone, end Java, and remove its folder.
  await Promise.all(jvm.map(({ bootstrap }) => untilGone(bootstrap)))
  const stopped = jvm.flatMap(({ nodes }) => nodes.map(() => 'jvm' as const))
  const engine = files.some(({ kind }) => kind === 'container') ? await requireEngine() : await findEngine()
  const containers = engine ? await removeOwn(engine, root) : 0
  return [...stopped, ...Array.from({ length: containers }, () => 'container' as const)]
}

async function untilGone(bootstrap: string): Promise<void> {
  const giveUpAt = Date.now() + STOP_MS
  while ((await nodesUp(bootstrap)) > 0) {
    if (Date.now() > giveUpAt) {
      throw new WorkbookError(
        `The Kafka at ${bootstrap} does not end.`,
        'Look for its Java process, and end it.',
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The last lines that each node of each broker printed, under a heading. */
export async function standingLogs(root: string, lines: number): Promise<{ heading: string; log: string }[]> {
  const standing = listBrokerFiles(root)
  const engine = standing.some(({ kind }) => kind === 'container') ? await requireEngine() : null
  return Promise.all(
    standing.flatMap(({ kind, nodes, version }) =>
      nodes.map(async (id, index) => ({
        heading: `Kafka ${version}, ${kind}, node ${index + 1}`,
        log: kind === 'jvm' ? lastLines(readJavaLog(id), lines) : ((await engine?.logs(id, lines)) ?? ''),
      })),
    ),
  )
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}

/** Fetches the image; `onPercent` hears of every whole percent. Returns false when it was here already. */
export async function pullImage(onPercent: (percent: number) => void): Promise<boolean> {
  const engine = await requireEngine()
  if (await engine.hasImage(KAFKA_IMAGE)) return false
  const meter = pullMeter()
  let told = -1
  await engine.pull(KAFKA_IMAGE, (event) => {
    const percent = meter(event)
    if (percent === null || percent <= told) return
    told = percent
    onPercent(percent)
  })
  return true
}

/** Removes what runs that were killed left behind. Returns how many containers, and folders of Java processes. */
export async function cleanUp(
  root: string,
): Promise<{ containers: number; folders: number; forgotten: number }> {
  const engine = await findEngine()
  const dead = (await listStanding(root)).filter(({ up }) => up === 0)
  for (const { file } of dead) removeBrokerFile(root, file.kind, file.nodes.length)
  const containers = engine ? await removeLeftovers(engine, root) : 0
  return { containers, folders: removeJavaFolders(root), forgotten: dead.length }
}
