import { inspect } from 'node:util'
import { WorkbookError } from '../errors.ts'
import { findAnswer } from '../exercise/answer.ts'
import { findExercise, listExercises } from '../exercise/find.ts'
import { ownershipChart } from '../report/ownership.ts'
import { plain, wrap } from '../report/style.ts'
import { placeText, wireStrip } from '../report/terminal.ts'
import { openBackstage } from '../run/backstage.ts'
import { type Played, playScene, sceneNames } from '../run/play.ts'
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
  const answer = findAnswer(exercise, args.text('answer'), cwd)
  const backstage = await openBackstage({
    root,
    built,
    broker: args.text('broker'),
    nodes: args.count('nodes'),
    onProgress: (line) => screen.note(line),
  })
  return withCleanUp(
    () => backstage.close(),
    async () => {
      if (backstage.broker.note) screen.note(backstage.broker.note)
      screen.print(['', `  ${scene} of ${exercise.name} plays`, ''])
      const played = await playScene(backstage, exercise, answer, scene)
      screen.print([
        '',
        ...outcome(played, invocation),
        '',
        ...wireStrip(played.wire, screen.look, Number.POSITIVE_INFINITY),
        '',
        ...ownershipChart(played.ownership, screen.look).concat(played.ownership.length > 0 ? [''] : []),
      ])
      if (scenes.length > 1) screen.print([`  Its scenes: ${scenes.join(', ')}`, ''])
      return played.error ? 1 : 0
    },
  )
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
