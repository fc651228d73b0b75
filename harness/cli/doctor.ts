import { type Look, paint, wrap } from '../report/style.ts'
import { examine, type Finding } from '../run/doctor.ts'
import { gatherFacts } from '../run/doctor-facts.ts'
import type { Invocation } from './command.ts'

/** Says of everything that the workbook stands on that it is fine, or how to mend it. Exit code 1 when something is wrong. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const findings = examine(await gatherFacts(root))
  const wrong = findings.filter(({ level }) => level === 'wrong').length
  if (args.flag('json')) {
    screen.print(JSON.stringify({ healthy: wrong === 0, findings }, null, 2))
  } else {
    const width = Math.max(...findings.map(({ id }) => id.length))
    const closing =
      wrong === 0
        ? 'Everything that the workbook needs is here.'
        : `${wrong} ${wrong === 1 ? 'thing' : 'things'} to mend.`
    screen.print(['', ...findings.flatMap((one) => lines(one, width, screen.look)), '', `  ${closing}`, ''])
  }
  return wrong === 0 ? 0 : 1
}

const MARKS = {
  fine: { colour: 'green', tick: '✓', word: 'fine' },
  note: { colour: 'yellow', tick: '·', word: 'note' },
  wrong: { colour: 'red', tick: '✗', word: 'WRONG' },
} as const

function lines({ id, level, text, mend }: Finding, width: number, look: Look): string[] {
  const { colour, tick, word } = MARKS[level]
  const mark = look.ticks ? tick : word.padEnd(5)
  const start = `  ${mark} ${id.padEnd(width)}  `
  const under = ' '.repeat(start.length)
  const room = Math.max(20, look.width - start.length)
  const [first = '', ...rest] = wrap(text, room)
  const more = [...rest, ...(mend ? wrap(`-> ${mend}`, room) : [])]
  return [paint(look, colour, start) + first, ...more.map((line) => under + line)]
}
