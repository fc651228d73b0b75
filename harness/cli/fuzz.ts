import { randomInt } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type FuzzFigures, fuzz } from '../verify/fuzz/fuzz.ts'
import type { MemoryInUse } from '../verify/fuzz/memory.ts'
import { readHexFrames, replay, showFrames } from '../verify/fuzz/replay.ts'
import type { Invocation } from './command.ts'
import type { Screen } from './screen.ts'

const FRAMES = 20_000

/** Sends mutated frames to the embedded broker; exit code 1 when something was found that must not be. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const replayed = args.text('replay')
  if (replayed !== undefined) return replayFrames(replayed, screen)
  const seed = args.count('seed') ?? randomInt(1, 10_000)
  const frames = args.count('frames') ?? FRAMES
  screen.print(`seed ${seed}`)
  const recordedFile = path.join(root, 'harness', 'test', 'kafka', 'protocol', 'recorded', '4.3.1.json')
  const onProgress = (sent: number) => screen.progress(`  ${sent} of ${frames} frames`)
  const figures = await fuzz({ frames, seed, recordedFile, onProgress })
  for (const line of tell(figures)) screen.print(line)
  for (const [index, { what, frames }] of figures.finds.entries()) {
    const file = path.join(root, '.workbook', `fuzz-${seed}-${index + 1}.hex`)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, `${showFrames(frames)}\n`)
    screen.print(`FOUND: ${what}`)
    screen.print(`  npm run fuzz -- --replay ${path.relative(root, file)}`)
  }
  return figures.finds.length === 0 ? 0 : 1
}

async function replayFrames(textOrFile: string, screen: Screen): Promise<number> {
  const { outcomes, bugs } = await replay(readHexFrames(textOrFile))
  screen.print(`outcomes: ${outcomes.join(', ')}`)
  for (const bug of bugs) screen.print(bug instanceof Error ? (bug.stack ?? bug.message) : String(bug))
  return bugs.length === 0 ? 0 : 1
}

function tell(figures: FuzzFigures): string[] {
  const { neighbour, before, after, timers } = figures
  const rows = Object.entries(figures.byKind).sort(([one], [other]) => (one < other ? -1 : 1))
  return [
    `${'kind'.padEnd(40)}  frames  answered    closed   waiting  slowest`,
    ...rows.map(([kind, { frames, answered, closed, waiting, slowestMs }]) =>
      [
        kind.padEnd(40),
        String(frames).padStart(8),
        ...[answered, closed, waiting].map((number) => String(number).padStart(10)),
        `${slowestMs.toFixed(0).padStart(6)} ms`,
      ].join(''),
    ),
    'connections closed because of',
    ...Object.entries(figures.closes)
      .sort(([, one], [, other]) => other - one)
      .map(([why, times]) => `${String(times).padStart(8)}  ${why}`),
    `frames: ${figures.frames}, ${figures.overTcp} of them over TCP, on ${figures.connections} connections, ` +
      `in ${(figures.durationMs / 1_000).toFixed(1)} s; slowest ${figures.slowestMs.toFixed(0)} ms`,
    `neighbour: ${neighbour.records} records there and back in order, slowest ${neighbour.slowestMs.toFixed(0)} ms`,
    `before: ${showMemory(before)}`,
    `after:  ${showMemory(after)}`,
    `timers of the broker: ${timers.before} before, ${timers.after} after; bytes of logs left: ${figures.logBytes}`,
    `finds: ${figures.finds.length}`,
  ]
}

function showMemory({ heapUsed, external, rss, sockets }: MemoryInUse): string {
  const mib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
  return `heap ${mib(heapUsed)}, buffers ${mib(external)}, resident ${mib(rss)}, ${sockets} sockets`
}
