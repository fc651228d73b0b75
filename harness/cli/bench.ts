import { WorkbookError } from '../errors.ts'
import { findKafkaHome } from '../kafka/kafka-home.ts'
import { benchTable, emptyVitestProject, type Subject, timeInTurn } from '../verify/bench.ts'
import {
  type Contender,
  embeddedContender,
  jvmContender,
  namedContender,
  startInside,
} from '../verify/bench-brokers.ts'
import { containerStart } from '../verify/bench-container.ts'
import { benchBrokers, benchScale } from '../verify/broker-bench.ts'
import { brokerTable } from '../verify/broker-rows.ts'
import { SHORT, soak, WHOLE } from '../verify/soak/soak.ts'
import { soakTable } from '../verify/soak/soak-table.ts'
import { benchGrade } from './bench-grade.ts'
import { benchQuiz } from './bench-quiz.ts'
import { benchWatch } from './bench-watch.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'

/** Measures whole commands, or with a word for it the embedded broker beside real Kafka. */
export async function run(invocation: Invocation): Promise<number> {
  const [what, ...rest] = invocation.args.positionals
  if (what === undefined) return benchCommands(invocation)
  if (what === 'broker' && rest.length === 0) return benchBroker(invocation)
  if (what === 'grade' && rest.length === 0) return benchGrade(invocation)
  if (what === 'quiz' && rest.length === 0) return benchQuiz(invocation)
  if (what === 'soak' && rest.length === 0) return benchSoak(invocation)
  if (what === 'watch' && rest.length === 0) return benchWatch(invocation)
  throw new WorkbookError(
    `There is no bench "${[what, ...rest].join(' ')}".`,
    'Type: npm run bench, npm run bench broker, soak, watch, quiz, or grade',
  )
}

/** The embedded broker and real Kafka, measured by the same kafkajs program in a process of its own. */
async function benchBroker({ root, built, args, screen }: Invocation): Promise<number> {
  const contenders = [embeddedContender(root), ...otherBroker({ root, args, screen })]
  const options = {
    built,
    rounds: args.count('runs') ?? 5,
    onProgress: (line: string) => screen.progress(line),
  }
  const measure = async () =>
    args.flag('scale')
      ? benchScale(contenders, options)
      : brokerTable(await benchBrokers(contenders, options))
  screen.print([
    `${options.rounds} rounds in turn, median (least - most); brokers and the kafkajs program in processes of their own`,
    ...(await measure()),
  ])
  return 0
}

/** Whether the embedded broker has everything back after a long load; exit code 1 when it has not. */
async function benchSoak({ built, args, screen }: Invocation): Promise<number> {
  const size = args.flag('short') ? SHORT : WHOLE
  const soaked = await soak(built, size, (line) => screen.note(line))
  const { lines, left } = soakTable(soaked)
  screen.print([
    `${size.cycles} cycles of join, leave and crash, ${size.topics} topics created and deleted, ${size.records} records`,
    ...lines,
    left.length === 0 ? 'everything is back' : `not back: ${left.join(', ')}`,
  ])
  return left.length === 0 ? 0 : 1
}

/** What `--broker` names, else the Kafka in KAFKA_HOME, else nothing. Throws WorkbookError for another word. */
function otherBroker({ root, args, screen }: Pick<Invocation, 'root' | 'args' | 'screen'>): Contender[] {
  const named = args.text('broker')
  if (named?.includes(':')) return [namedContender(named)]
  if (named !== undefined && named !== 'jvm') {
    throw new WorkbookError(
      `The embedded broker is not measured against "${named}".`,
      'Choose jvm (Kafka in KAFKA_HOME), or the address of a running one: 127.0.0.1:9092',
    )
  }
  try {
    return [jvmContender(root, findKafkaHome().version)]
  } catch (error) {
    if (named !== undefined || !(error instanceof WorkbookError)) throw error
    screen.note(`There is no Kafka to compare with: ${error.message}`)
    return []
  }
}

/** Prints how long whole commands take, next to a bare vitest run in the same rounds, and how long brokers take to start. */
async function benchCommands({ root, args, screen }: Invocation): Promise<number> {
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
    const embedded = await startInside()
    screen.print(`embedded broker, start to first answer: ${embedded.toFixed(1)} ms`)
    const start = containerStart()
    const container = await withCleanUp(start.remove, () => start.time((line) => screen.note(line)))
    if (container instanceof WorkbookError) {
      screen.print(`Kafka in a container: not timed. ${container.message}`)
    } else {
      const times = Math.round(container / embedded)
      screen.print(
        `Kafka in a container, start to first answer: ${container.toFixed(0)} ms, ${times} times as long`,
      )
    }
    return 0
  })
}

function commandsToTime(root: string, empty: string): Subject[] {
  const judge = (number: string): Subject => ({
    name: `npm test ${number} -- --answer solution`,
    command: ['npm', 'test', number, '--', '--answer', 'solution', '--broker', 'embedded'],
    cwd: root,
  })
  return [
    { name: 'npx vitest run (one empty test)', command: ['npx', 'vitest', 'run'], cwd: empty },
    judge('05'),
    judge('03'),
    { name: 'workbook list', command: [process.execPath, 'harness/bin/workbook.mjs', 'list'], cwd: root },
    { name: 'workbook --help', command: [process.execPath, 'harness/bin/workbook.mjs', '--help'], cwd: root },
    { name: 'node -e 0', command: [process.execPath, '-e', '0'], cwd: root },
  ]
}
