import { inspect } from 'node:util'
import { WorkbookError } from '../errors.ts'
import { findAnswer } from '../exercise/answer.ts'
import { type Exercise, findExercise, listExercises } from '../exercise/find.ts'
import { failoverIn, failoverStrip } from '../report/failover.ts'
import { ownershipChart } from '../report/ownership.ts'
import { plain, wrap } from '../report/style.ts'
import { placeText, wireStrip } from '../report/terminal.ts'
import { openBackstage } from '../run/backstage.ts'
import { nodesFor, type Played, playScene, sceneNames } from '../run/play.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'

/** Plays one scene, then draws what went over the wire. Exit code 1 when the code threw. */
export async function run(invocation: Invocation): Promise<number> {
  const { root, built, cwd, args, screen } = invocation
  const [wanted, sceneWanted] = args.positionals
  if (!wanted) throw new WorkbookError('Which exercise?', 'For instance: npm run play 03')
  const exercise = findExercise(listExercises(root), wanted)
  const scenes = sceneNames(exercise)
  const scene = sceneWanted ?? scenes[0]
  if (!scene || !scenes.includes(scene)) {
    throw new WorkbookError(
      `${exercise.name} has no scene "${sceneWanted}".`,
      `Its scenes: ${scenes.join(', ')}`,
    )
  }
  const wantedNodes = nodesFor(exercise)
  const broker = args.text('broker') ?? process.env.KAFKA_WORKBOOK_BROKER
  if (wantedNodes > 1 && broker?.includes(':')) throw notOurs(exercise)
  const answer = findAnswer(exercise, args.text('answer'), cwd)
  const backstage = await openBackstage({
    root,
    built,
    broker,
    nodes: args.count('nodes') ?? (wantedNodes > 1 ? wantedNodes : undefined),
    onProgress: (line) => screen.note(line),
  })
  return withCleanUp(
    () => backstage.close(),
    async () => {
      if (wantedNodes > 1 && !backstage.broker.killNode) throw notOurs(exercise)
      if (backstage.broker.note) screen.note(backstage.broker.note)
      screen.print(['', `  ${scene} of ${exercise.name} plays`, ''])
      const played = await playScene(backstage, exercise, answer, scene)
      const failover = failoverIn(played.returned)
      // Hundreds of requests that repeat each other: the strip of the failover says more than that of the wire.
      screen.print(['', ...(failover ? failoverStrip(failover, screen.look) : whole(played, invocation)), ''])
      if (scenes.length > 1) screen.print([`  Its scenes: ${scenes.join(', ')}`, ''])
      return played.error ? 1 : 0
    },
  )
}

function notOurs({ number }: Exercise): WorkbookError {
  return new WorkbookError(
    `Scenes of ${number} end one of the nodes of their broker, so it must be one that ends with the run.`,
    `For instance: npm run play ${number} -- --broker embedded (or container, or jvm after npm run broker stop)`,
  )
}

function whole(played: Played, invocation: Invocation): string[] {
  const { look } = invocation.screen
  return [
    ...outcome(played, invocation),
    '',
    ...wireStrip(played.wire, look, Number.POSITIVE_INFINITY),
    ...(played.ownership.length > 0 ? ['', ...ownershipChart(played.ownership, look)] : []),
  ]
}

function outcome({ error, returned }: Played, { cwd, screen }: Invocation): string[] {
  if (!error) {
    const breakLength = Math.min(90, screen.look.width - 4)
    return [
      `  The scene returned ${plain(inspect(returned, { depth: 6, compact: 3, breakLength })).replaceAll('\n', '\n  ')}`,
    ]
  }
  const message = error.notWritten ? `not written yet: ${error.message}` : error.message
  const sentence = wrap(plain(message), Math.min(100, screen.look.width) - 2).map((line) => `  ${line}`)
  return [...sentence, ...(error.at ? [`  at ${placeText(error.at, cwd)}`] : [])]
}
