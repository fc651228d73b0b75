import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Told } from '../demo/run-demo.ts'
import { terminalPicture } from '../demo/terminal-picture.ts'
import { timelineSvg } from '../demo/timeline-svg.ts'
import { findAnswer } from '../exercise/answer.ts'
import { findExercise, listExercises } from '../exercise/find.ts'
import { reportExercise } from '../report/terminal.ts'
import { openSession } from '../run/session.ts'
import type { Invocation } from './command.ts'
import { withCleanUp } from './interrupt.ts'

const PICTURE_COLUMNS = 104

/** The pictures of the documents: a verdict, and who owned what while a member was killed. Both from real runs. */
export async function drawPictures(invocation: Invocation, killOne: Told): Promise<void> {
  const { root } = invocation
  const folder = path.join(root, 'docs', 'pictures')
  const pictures = {
    'verdict.svg': await verdictPicture(invocation),
    'ownership.svg': `${timelineSvg(killOne)}\n`,
  }
  mkdirSync(folder, { recursive: true })
  for (const [name, svg] of Object.entries(pictures)) writeFileSync(path.join(folder, name), svg)
}

/** What a learner sees who forgets the key in exercise 03. */
async function verdictPicture({ root, built, args, screen }: Invocation): Promise<string> {
  const exercise = findExercise(listExercises(root), '03')
  const session = await openSession({
    root,
    built,
    broker: args.text('broker') ?? 'embedded',
    onProgress: (line) => screen.note(line),
  })
  return withCleanUp(
    () => session.close(),
    async () => {
      const result = await session.judge(exercise, findAnswer(exercise, 'null-key', root))
      const context = {
        broker: session.broker.kind,
        seed: session.seed,
        root,
        cwd: root,
        allWire: false,
        next: null,
      }
      const lines = reportExercise(result, context, { colour: true, width: PICTURE_COLUMNS, ticks: true })
      return terminalPicture(lines.slice(1, -1), 'A verdict on exercise 03')
    },
  )
}
