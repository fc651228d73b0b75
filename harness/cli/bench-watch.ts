import { median } from '../median.ts'
import {
  type SaveTimes,
  timeSaves,
  type Watched,
  watchedExercise,
  watchedVitest,
} from '../verify/bench-watch.ts'
import { processesBelow } from '../verify/processes.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'

/** Two without a broker, then one with a broker. */
const EXERCISES = ['05', '06', '03']
/** After so many saves everything that stays has come. */
const WARM_AFTER = 20

/** How long a verdict takes after a save, beside `vitest --watch`, and whether anything grows from save to save. */
export async function benchWatch({ root, built, args, screen }: Invocation): Promise<number> {
  const saves = args.count('saves') ?? 50
  const subjects: Watched[] = []
  return withCleanUp(
    async () => void (await Promise.all(subjects.map((subject) => subject.close()))),
    async () => {
      subjects.push(await watchedVitest(root))
      for (const number of EXERCISES) subjects.push(await watchedExercise(root, built, number))
      let warm = census()
      const times = await timeSaves(subjects, saves, (round) => {
        if (round === Math.min(WARM_AFTER, saves)) warm = census()
        screen.progress(`  save ${round} of ${saves}`)
      })
      screen.print([
        `${saves} saves in turn, from the save to the verdict; the ratio is to the first line`,
        ...table(times),
        `after ${Math.min(WARM_AFTER, saves)} saves: ${shown(warm)}`,
        `after ${saves} saves: ${shown(census())}`,
      ])
      return 0
    },
  )
}

function table(times: SaveTimes[]): string[] {
  const anchor = median(times[0]?.ms ?? [])
  const width = Math.max(...times.map(({ name }) => name.length))
  return times.map(({ name, ms }) => {
    const ratio = (median(ms) / anchor).toFixed(2)
    const figures = `${median(ms).toFixed(0)} ms, ${Math.min(...ms).toFixed(0)} - ${Math.max(...ms).toFixed(0)} ms`
    return `${name.padEnd(width)}  ${figures}, ratio ${ratio}`
  })
}

interface Census {
  megabytes: number
  /** Processes below this one; null on Windows. */
  processes: number | null
  /** Sockets, pipes and timers of this process. */
  handles: number
}

function census(): Census {
  return {
    megabytes: process.memoryUsage.rss() / 2 ** 20,
    processes: process.platform === 'win32' ? null : processesBelow(process.pid).length,
    handles: process.getActiveResourcesInfo().length,
  }
}

function shown({ megabytes, processes, handles }: Census): string {
  const children = processes === null ? '' : `, ${processes} processes`
  return `${megabytes.toFixed(0)} MB${children}, ${handles} handles`
}
