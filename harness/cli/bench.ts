import { WorkbookError } from '../errors.ts'
import { connect } from '../kafka/client/client.ts'
import { openContainer, stopBroker } from '../kafka/container.ts'
import { startEmbedded } from '../kafka/embedded/start.ts'
import { benchTable, emptyVitestProject, median, type Subject, timeInTurn } from '../verify/bench.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'

const EMBEDDED_STARTS = 20

/** Prints how long whole commands take, next to a bare vitest run in the same rounds, and how long brokers take to start. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const runs = args.count('runs') ?? 5
  const empty = emptyVitestProject(root)
  return withCleanUp(empty.remove, async () => {
    const subjects = commandsToTime(root, empty.folder)
    const timings = await timeInTurn(subjects, runs, (name) => screen.progress(`  ${name}`))
    const [anchor] = timings
    if (!anchor) return 2
    screen.print([
      `whole commands, ${runs} rounds in turn; the ratio is to the first line`,
      ...benchTable(timings, anchor),
      '',
    ])
    const embedded = await embeddedStart()
    screen.print(
      `embedded broker, start to first answer: ${embedded.toFixed(1)} ms (median of ${EMBEDDED_STARTS})`,
    )
    const container = await containerStart(root, (line) => screen.note(line))
    if (container === null) screen.print('Kafka in a container: not timed, there is no engine with its image')
    else {
      const times = Math.round(container / embedded)
      screen.print(
        `Kafka in a container, start to first answer: ${container.toFixed(0)} ms, ${times} times as long`,
      )
    }
    return 0
  })
}

function commandsToTime(root: string, empty: string): Subject[] {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx'
  const judge = (number: string): Subject => ({
    name: `npm test ${number} -- --answer solution`,
    command: [npm, 'test', number, '--', '--answer', 'solution', '--broker', 'embedded'],
    cwd: root,
  })
  return [
    { name: 'npx vitest run (one empty test)', command: [npx, 'vitest', 'run'], cwd: empty },
    judge('05'),
    judge('03'),
    { name: 'workbook list', command: [process.execPath, 'harness/bin/workbook.mjs', 'list'], cwd: root },
    { name: 'workbook --help', command: [process.execPath, 'harness/bin/workbook.mjs', '--help'], cwd: root },
    { name: 'node -e 0', command: [process.execPath, '-e', '0'], cwd: root },
  ]
}

async function embeddedStart(): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < EMBEDDED_STARTS; round++) {
    const startedAt = performance.now()
    const broker = await startEmbedded({})
    const client = await connect(broker.bootstrap, { timeoutMs: 3000 })
    await client.metadata([])
    times.push(performance.now() - startedAt)
    client.close()
    await broker.close()
  }
  return median(times)
}

/** Milliseconds from nothing to a broker that answers, or null where no container can be had. */
async function containerStart(root: string, onProgress: (line: string) => void): Promise<number | null> {
  try {
    await stopBroker(root)
    const startedAt = performance.now()
    const broker = await openContainer({ root, onProgress })
    const ms = performance.now() - startedAt
    await broker.stop()
    return ms
  } catch (error) {
    if (error instanceof WorkbookError) return null
    throw error
  }
}
