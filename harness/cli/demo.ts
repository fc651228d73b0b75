import { writeFileSync } from 'node:fs'
import type { Demo } from '../demo/demo.ts'
import { DEMOS, findDemo } from '../demo/demos.ts'
import { captionLines, chartLines, momentLine, openingLines } from '../demo/lines.ts'
import { keepPace, type Pace, readPace } from '../demo/pace.ts'
import { page } from '../demo/page.ts'
import { type Audience, runDemo, type Told } from '../demo/run-demo.ts'
import { checkBroker, startFor } from '../demo/three-nodes.ts'
import { paint } from '../report/style.ts'
import { openBackstage } from '../run/backstage.ts'
import type { Invocation } from './command.ts'
import { drawPictures } from './demo-pictures.ts'
import { withCleanUp } from './interrupt.ts'
import { outputFile } from './output-file.ts'

/** Lists the demos, or plays some of them, one after the other. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, screen } = invocation
  const wanted = args.positionals
  if (args.flag('pictures')) {
    const { told } = await play(findDemo('kill-one'), 0, invocation)
    await drawPictures(invocation, told)
    return 0
  }
  if (wanted.length === 0) {
    screen.print(list(invocation))
    return 0
  }
  const demos = wanted.includes('all') ? DEMOS : wanted.map(findDemo)
  // What cannot be is said before the lecture, not at its end.
  for (const demo of demos) checkBroker(demo, args.text('broker'))
  const html = outputFile(invocation, 'html')
  const pace = readPace(args.text('pace'), process.stdin.isTTY === true)
  const told: { told: Told; broker: string }[] = []
  for (const demo of demos) told.push(await play(demo, pace, invocation))
  if (html === undefined) return 0
  writeFileSync(html, page(told))
  screen.note(`Written: ${html}`)
  return 0
}

function list({ screen }: Invocation): string[] {
  const longest = Math.max(...DEMOS.map(({ name }) => name.length))
  const lines = DEMOS.map(({ name, title, exercises, nodes }) => {
    const more = `exercise ${exercises.join(', ')}${nodes > 1 ? `; ${nodes} brokers` : ''}`
    return `  ${paint(screen.look, 'bold', name.padEnd(longest))}  ${title}  ${paint(screen.look, 'dim', `(${more})`)}`
  })
  return ['', ...lines, '', '  Show one: npm run demo same-key      all of them: npm run demo all', '']
}

async function play(demo: Demo, pace: Pace, { root, built, args, screen }: Invocation) {
  const onProgress = (line: string) => screen.note(line)
  const broker = await startFor(demo, args.text('broker'), {
    root,
    foreign: args.flag('foreign'),
    onProgress,
  })
  return withCleanUp(
    () => broker.stop(),
    async () => {
      const backstage = await openBackstage({ root, built, broker, onProgress })
      return withCleanUp(
        () => backstage.close(),
        async () => {
          if (broker.note) screen.note(broker.note)
          const name = `${broker.kind === 'embedded' ? 'embedded Kafka' : 'Kafka'} ${broker.version}`
          screen.print(openingLines(demo, name, screen.look))
          const told = await runDemo(demo, { root, backstage, cluster: broker }, audienceOf(pace, screen))
          screen.print([...chartLines(told, screen.look), ''])
          return { told, broker: name }
        },
      )
    },
  )
}

/** The class in front of this screen. */
function audienceOf(pace: Pace, screen: Invocation['screen']): Audience {
  let captions = 0
  return {
    async say(text) {
      captions += 1
      screen.print(captionLines(captions, text, screen.look))
      if (pace === 'enter') screen.progress('       Enter: go on')
      await keepPace(pace, process.stdin)
      screen.progress('')
    },
    see(moments) {
      if (moments.length > 0) screen.print(moments.map((one) => momentLine(one, screen.look)))
    },
  }
}
