import path from 'node:path'
import { median } from '../median.ts'
import type { Contender, RunningContender } from './bench-brokers.ts'
import { aligned, type Measured, show } from './broker-rows.ts'
import type { Figures, Job } from './load/job.ts'
import { FACTORS } from './load/scale.ts'
import { startNode } from './start-node.ts'

export interface BrokerBenchOptions {
  /** Folder of the built harness: the load program lies in it. */
  built: string
  rounds: number
  onProgress(line: string): void
}

/**
 * Measures brokers in turn (A B A B ...), so that drift hits all alike. First each one starts anew in every round, for start
 * and memory; then one of each stays up for the rest, after one round that does not count.
 */
export async function benchBrokers(
  contenders: Contender[],
  options: BrokerBenchOptions,
): Promise<Measured[]> {
  const started = await inTurn(contenders, options, (one) => measureStart(one, options))
  const running: RunningContender[] = []
  try {
    for (const one of contenders) running.push(await one.start({ warm: true }))
    const measure = (_: Contender, index: number, round: number) => {
      const { bootstrap } = running[index] as RunningContender
      return runLoad(options.built, {
        kind: 'figures',
        bootstrap,
        name: `bench-${index}-${round}-${process.pid}`,
      })
    }
    for (const [index, one] of contenders.entries()) await measure(one, index, -1)
    const measured = await inTurn(contenders, options, measure)
    return contenders.map(({ name }, index) => ({
      name,
      rounds: (measured[index] ?? []).map((figures, round) => ({ ...started[index]?.[round], ...figures })),
    }))
  } finally {
    await Promise.all(running.map((one) => one.stop()))
  }
}

/** Runs `measure` for all brokers in turn, round by round; the answer is by broker. */
async function inTurn(
  contenders: Contender[],
  { rounds, onProgress }: BrokerBenchOptions,
  measure: (one: Contender, index: number, round: number) => Promise<Figures>,
): Promise<Figures[][]> {
  const measured: Figures[][] = contenders.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, one] of contenders.entries()) {
      onProgress(`  round ${round + 1} of ${rounds}: ${one.name}`)
      measured[index]?.push(await measure(one, index, round))
    }
  }
  return measured
}

async function measureStart(one: Contender, { built }: BrokerBenchOptions): Promise<Figures> {
  if (one.isRunning) return {}
  const startedAt = performance.now()
  const running = await one.start({ warm: false })
  const processStartMs = performance.now() - startedAt
  try {
    const emptyMiB = running.memoryMiB()
    await runLoad(built, { kind: 'million', bootstrap: running.bootstrap })
    const millionMiB = running.memoryMiB()
    const startMs = (await one.startInside?.()) ?? processStartMs
    const starts = { startMs, processStartMs }
    return emptyMiB === null || millionMiB === null ? starts : { ...starts, emptyMiB, millionMiB }
  } finally {
    await running.stop()
  }
}

const UNITS: readonly [id: string, label: string][] = [
  ['writeRecord', 'write a record'],
  ['readRecord', 'read a record'],
  ['createPartition', 'create a partition'],
  ['writePartition', 'write to each partition'],
  ['readPartition', 'read from each partition'],
]

/** A line for each broker and unit: microseconds where there is once, ten times and a hundred times as much. */
export async function benchScale(
  contenders: Contender[],
  { built, rounds, onProgress }: BrokerBenchOptions,
): Promise<string[]> {
  const lines = [['microseconds for each', ...FACTORS.map((factor) => `x ${factor}`)]]
  for (const one of contenders) {
    const running = await one.start({ warm: true })
    const measured = new Map<number, Figures[]>(FACTORS.map((factor) => [factor, []]))
    try {
      for (let round = -1; round < rounds; round++) {
        for (const factor of FACTORS) {
          onProgress(`  ${one.name}: ${factor} times as much`)
          const name = `bench-${factor}-${round}-${process.pid}`
          const job: Job = { kind: 'scale', bootstrap: running.bootstrap, name, factor }
          const figures = await runLoad(built, job)
          if (round >= 0) measured.get(factor)?.push(figures)
        }
      }
    } finally {
      await running.stop()
    }
    const cell = (id: string, factor: number) =>
      show(median((measured.get(factor) ?? []).map((figures) => figures[id] as number)))
    for (const [id, label] of UNITS) {
      lines.push([`${one.name}: ${label}`, ...FACTORS.map((factor) => cell(id, factor))])
    }
  }
  return aligned(lines)
}

/** Lets the load program do one job in a process of its own. Rejects when it fails. */
function runLoad(built: string, job: Job): Promise<Figures> {
  const child = startNode([path.join(built, 'load.mjs'), JSON.stringify(job)])
  child.stderr.pipe(process.stderr)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as Figures)
      else reject(new Error(`The load program ended with exit code ${code}: ${job.kind} at ${job.bootstrap}`))
    })
  })
}
