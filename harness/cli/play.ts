import { inspect } from 'node:util'
import { WorkbookError } from '../errors.ts'
import { type Answer, findAnswer, identify } from '../exercise/answer.ts'
import type { Exercise } from '../exercise/find.ts'
import { failoverIn, failoverStrip } from '../report/failover.ts'
import { ownershipChart } from '../report/ownership.ts'
import { type Look, plain, wrap } from '../report/style.ts'
import { placeText, wireStrip } from '../report/terminal.ts'
import { type Backstage, openBackstage } from '../run/backstage.ts'
import { nodesFor, type Played, playScene, sceneNames } from '../run/play.ts'
import { againOnSave } from './again-on-save.ts'
import { wantedOrInHand } from './choose.ts'
import type { Invocation } from './command.ts'
import { dataAsJson } from './data-as-json.ts'
import { withCleanUp } from './interrupt.ts'
import { noteDaily } from './note-daily.ts'

/** What is played. */
interface Programme {
  exercise: Exercise
  answer: Answer
  scene: string
  scenes: string[]
}

/** Plays one scene, then draws what went over the wire. Exit code 1 when the code threw. */
export async function run(invocation: Invocation): Promise<number> {
  const { root, built, args, screen } = invocation
  const programme = programmeOf(invocation)
  const { exercise } = programme
  const wantedNodes = nodesFor(exercise)
  const broker = args.text('broker') ?? process.env.KAFKA_WORKBOOK_BROKER
  if (wantedNodes > 1 && broker?.includes(':')) throw notOurs(exercise)
  const isWatching = args.flag('watch')
  if (isWatching && args.flag('json')) {
    throw new WorkbookError('--watch and --json do not go together.', 'Leave one of them out.')
  }
  const backstage = await openBackstage({
    root,
    built,
    broker,
    foreign: args.flag('foreign'),
    nodes: args.count('nodes') ?? (wantedNodes > 1 ? wantedNodes : undefined),
    onProgress: (line) => screen.note(line),
  })
  return withCleanUp(
    () => backstage.close(),
    async () => {
      if (wantedNodes > 1 && !backstage.broker.killNode) throw notOurs(exercise)
      if (backstage.broker.note) noteDaily(screen, root, backstage.broker.note)
      return isWatching ? watch(backstage, programme, invocation) : perform(backstage, programme, invocation)
    },
  )
}

function notOurs({ number }: Exercise): WorkbookError {
  return new WorkbookError(
    `Scenes of ${number} end one of the nodes of their broker, so it must be one that ends with the run.`,
    `For instance: npm run play ${number} -- --broker embedded (or container, or jvm after npm run broker stop)`,
  )
}

function programmeOf(invocation: Invocation): Programme {
  const { cwd, args } = invocation
  const [wanted, sceneWanted] = args.positionals
  const exercise = wantedOrInHand(invocation, wanted)
  const scenes = sceneNames(exercise)
  const scene = sceneWanted ?? scenes[0]
  if (!scene || !scenes.includes(scene)) {
    throw new WorkbookError(
      `${exercise.name} has no scene "${sceneWanted}".`,
      `Its scenes: ${scenes.join(', ')}`,
    )
  }
  return { exercise, answer: findAnswer(exercise, args.text('answer'), cwd), scene, scenes }
}

/** Plays once, and again at every save, until it is interrupted. What the workbook explains ends nothing here. */
async function watch(backstage: Backstage, programme: Programme, invocation: Invocation): Promise<never> {
  const { screen } = invocation
  const { answer, exercise } = programme
  const files = [answer.file, exercise.scenesFile ?? exercise.playFile].filter((file) => file !== null)
  return againOnSave(files, async () => {
    try {
      await perform(backstage, programme, invocation)
    } catch (error) {
      if (!(error instanceof WorkbookError)) throw error
      screen.note(`${error.message}\n${error.hint}`)
    }
    screen.print(['  It plays again when you save. Ctrl+C ends it.', ''])
  })
}

async function perform(
  backstage: Backstage,
  { exercise, answer, scene, scenes }: Programme,
  invocation: Invocation,
): Promise<number> {
  const { root, cwd, args, screen } = invocation
  if (args.flag('json')) {
    const played = await playScene(backstage, exercise, answer, scene, { inheritOutput: false })
    const { error, ...rest } = played
    const told = { exercise: exercise.name, scene, answer: identify(answer, root), ...rest }
    screen.print(dataAsJson({ ...told, ...(error && { error: errorData(error) }) }))
    return error ? 1 : 0
  }
  screen.print(['', `  ${scene} of ${exercise.name} plays`, ''])
  const played = await playScene(backstage, exercise, answer, scene)
  screen.print(['', ...playedLines(played, { cwd, look: screen.look })])
  if (scenes.length > 1) screen.print([`  Its scenes: ${scenes.join(', ')}`, ''])
  return played.error ? 1 : 0
}

function errorData({ message, notWritten, at }: NonNullable<Played['error']>) {
  return { message, notWritten, at }
}

/** What a scene returned or why it ended, the wire strip, and who owned which partition. */
export function playedLines(played: Played, { cwd, look }: { cwd: string; look: Look }): string[] {
  const failover = failoverIn(played.returned)
  // Hundreds of requests that repeat each other: the strip of the failover says more than that of the wire.
  if (failover) return [...failoverStrip(failover, look), '']
  return [
    ...outcome(played, cwd, look),
    '',
    ...wireStrip(played.wire, look, Number.POSITIVE_INFINITY),
    '',
    ...ownershipChart(played.ownership, look).concat(played.ownership.length > 0 ? [''] : []),
  ]
}

function outcome({ error, returned }: Played, cwd: string, look: Look): string[] {
  if (!error) {
    const breakLength = Math.min(90, look.width - 4)
    const value = plain(inspect(returned, { depth: 6, compact: 3, breakLength }))
    // A line each: the screen of watch mode counts them.
    return `The scene returned ${value}`.split('\n').map((line) => `  ${line}`)
  }
  const message = error.notWritten ? `not written yet: ${error.message}` : error.message
  const sentence = wrap(plain(message), Math.min(100, look.width) - 2).map((line) => `  ${line}`)
  return [...sentence, ...(error.at ? [`  at ${placeText(error.at, cwd)}`] : [])]
}
