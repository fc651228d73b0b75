import path from 'node:path'
import type { BrokerKind, CheckResult, ExerciseResult, OutputLine, Place, WireLine } from '../result.ts'
import { ownershipChart } from './ownership.ts'
import { cut, type Look, paint, plain, seconds, shortNames, wrap } from './style.ts'
import { windowOf } from './window.ts'

/** What a report says beside the result itself. */
export interface ReportContext {
  /** Null when the exercise needs none. */
  broker: BrokerKind | null
  seed: number
  root: string
  /** Folder that shown paths are relative to. */
  cwd: string
  /** Show the whole wire strip of every check. */
  allWire: boolean
  /** The exercise after this one, `05-partition-for-key`; null after the last. */
  next: string | null
  /** The quiz that asks about a mistake, `keys`; null when none does. */
  quizAbout?: (mistake: string) => string | null
}

const MOST_WIRE_LINES = 8
const WIDE = 72

/** One exercise's result as lines for a terminal. */
export function reportExercise(result: ExerciseResult, context: ReportContext, look: Look): string[] {
  // Where nothing could be judged, the reason for that comes before what failed as well.
  const decisive = result.verdict === 'error' ? 'error' : 'failed'
  const first = result.checks.find((check) => check.verdict === decisive)
  const lines = ['', ...headline(result, context, look)]
  // Code that prints does so in every check; one check's lines are enough to read.
  let loud = first === undefined || first.logs.length === 0
  for (const check of result.checks) {
    if (check.verdict === 'blocked') continue
    lines.push(...tickLines(check, look))
    if (check === first) lines.push(...detail(result, check, context, look))
    else if (check.verdict !== 'passed') lines.push(...briefly(check, look))
    if (check.verdict === 'passed' && context.allWire)
      lines.push(
        ...wireStrip(check.wire, look, Number.POSITIVE_INFINITY),
        ...ownershipChart(check.ownership, look),
      )
    if (check !== first) lines.push(...printed(check, context, look, loud))
    if (check.logs.length > 0) loud = false
  }
  return [...lines, ...footer(result, context, look), '']
}

const HEADLINES = { passed: 'green', failed: 'red', 'not written': 'yellow', error: 'magenta' } as const
const BROKERS = {
  embedded: 'embedded Kafka',
  container: 'Kafka in a container',
  jvm: 'Kafka on Java',
  cluster: 'your Kafka',
} as const

function headline(result: ExerciseResult, context: ReportContext, look: Look): string[] {
  const verdict = result.verdict === 'error' ? 'COULD NOT JUDGE' : result.verdict.toUpperCase()
  const name = `${result.exercise.slice(0, 2)} ${result.exercise.slice(3)}`
  const answer = result.answer.kind === 'exercise' ? '' : ` (${shortAnswer(result)})`
  const took = seconds(result.durationMs)
  const right = context.broker ? `${BROKERS[context.broker]} · ${took}` : took
  const left = `  ${verdict}  ${name}${answer}`
  const painted = `  ${paint(look, ['bold', HEADLINES[result.verdict]], verdict)}  ${paint(look, 'bold', name)}${answer}`
  const gap = Math.min(look.width, 100) - left.length - right.length
  if (gap < 2) return [painted, `  ${paint(look, 'dim', right)}`]
  return [`${painted}${' '.repeat(gap)}${paint(look, 'dim', right)}`]
}

/** Which answer was judged, when it is not the learner's own file. */
function shortAnswer({ answer }: ExerciseResult): string {
  if (answer.kind === 'solution') return 'the solution'
  return answer.kind === 'file'
    ? plain(answer.path)
    : `${answer.kind} ${path.posix.basename(answer.path, '.ts')}`
}

function tickLines(check: CheckResult, look: Look): string[] {
  const stretch = check.stretch ? ' (stretch)' : ''
  const ticks = look.ticks
    ? { passed: '✓', failed: '✗', error: '!' }
    : { passed: 'passed ', failed: 'FAILED ', error: 'ERROR  ' }
  const colours = { passed: 'green', failed: check.notWritten ? 'yellow' : 'red', error: 'magenta' } as const
  const verdict = check.verdict === 'blocked' ? 'failed' : check.verdict
  const tick = ticks[verdict]
  const [first = '', ...rest] = wrap(`${check.title}${stretch}`, look.width - tick.length - 5)
  const pad = ' '.repeat(tick.length + 5)
  return [`    ${paint(look, colours[verdict], tick)} ${first}`, ...rest.map((line) => `${pad}${line}`)]
}

const INDENT = ' '.repeat(8)
const LABEL = 14

function labelled(label: string, text: string, look: Look): string[] {
  const [first = '', ...rest] = wrap(text, Math.max(20, Math.min(look.width, 120) - INDENT.length - LABEL))
  const pad = `${INDENT}${' '.repeat(LABEL)}`
  return [
    `${INDENT}${paint(look, 'dim', label.padEnd(LABEL))}${first}`,
    ...rest.map((line) => `${pad}${line}`),
  ]
}

/** A path is never broken, so that a terminal can make a link of it. */
function placeLines(label: string, at: Place, context: ReportContext, look: Look): string[] {
  const place = placeText(at, context.cwd)
  const start = `${INDENT}${paint(look, 'dim', label.padEnd(LABEL))}`
  if (INDENT.length + LABEL + place.length <= look.width) return [`${start}${place}`]
  const within = at.within ? `${at.within}(),` : ''
  return [
    `${start}${within}`.trimEnd(),
    `${INDENT}${placeText({ file: at.file, line: at.line }, context.cwd)}`,
  ]
}

function sentences(text: string, look: Look): string[] {
  return wrap(plain(text), Math.max(20, Math.min(look.width, 110) - INDENT.length)).map(
    (line) => `${INDENT}${line}`,
  )
}

const NOT_YOURS =
  'This says nothing about your code. Run it again; if it stays, report it with the lines above.'

/** Everything about the check that the learner should look at first. */
function detail(result: ExerciseResult, check: CheckResult, context: ReportContext, look: Look): string[] {
  const lines: string[] = []
  if (check.mistake) {
    lines.push(`${INDENT}${paint(look, 'dim', 'mistake'.padEnd(9))}${paint(look, 'bold', check.mistake.id)}`)
    lines.push(...sentences(check.mistake.sentence, look))
  }
  if (check.notWritten) lines.push(...sentences(`not written yet: ${check.message}`, look))
  else if (check.message) lines.push(...sentences(check.message, look))
  if (check.expected !== undefined) lines.push(...labelled('expected', plain(check.expected), look))
  if (check.actual !== undefined) lines.push(...labelled('actual', plain(check.actual), look))
  lines.push(...called(check, context, look))
  lines.push(...wireStrip(check.wire, look, context.allWire ? Number.POSITIVE_INFINITY : MOST_WIRE_LINES))
  lines.push(...ownershipChart(check.ownership, look))
  lines.push(...printed(check, context, look, true))
  if (check.at) {
    const label = result.verdict === 'not written' ? 'edit' : 'look at'
    lines.push(...placeLines(label, check.at, context, look))
  }
  const quiz = check.mistake && context.quizAbout?.(`${result.exercise.slice(0, 2)}/${check.mistake.id}`)
  if (quiz) lines.push(...labelled('quiz on it', `npm run quiz ${quiz}`, look))
  if (check.verdict === 'error') lines.push(...sentences(NOT_YOURS, look))
  return lines
}

/** What was asked of a pure answer: there is no wire that would tell. */
function called({ calls = [], callFile }: CheckResult, context: ReportContext, look: Look): string[] {
  const lines = calls.flatMap((call, index) => labelled(index === 0 ? 'called' : '', plain(call), look))
  if (!callFile) return lines
  const file = shownPath(path.resolve(context.root, callFile), context.cwd)
  return [...lines, `${INDENT}${paint(look, 'dim', 'in full'.padEnd(LABEL))}${plain(file)}`]
}

/** One line for every other check that failed: one thing at a time. */
function briefly(check: CheckResult, look: Look): string[] {
  if (check.mistake) return [`${INDENT}${paint(look, 'dim', 'mistake'.padEnd(9))}${check.mistake.id}`]
  const pair = check.expected === undefined ? '' : `expected ${check.expected}, actual ${check.actual}`
  const text = check.notWritten ? `not written yet: ${check.message}` : (check.message ?? pair)
  return [cut(`${INDENT}${plain(text).replaceAll('\n', ' ')}`, look.width)]
}

/** `encode(), exercises/03-produce-event/produce-event.ts:7`: the path is relative to `cwd` where the file lies inside. */
export function placeText(place: Place, cwd: string): string {
  return plain(`${place.within ? `${place.within}(), ` : ''}${shownPath(place.file, cwd)}:${place.line}`)
}

/** Relative to the folder where the learner stands, unless it lies elsewhere. */
function shownPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}

/** The wire strip: one line per fact, the offending one marked. `most` Infinity shows all of it, and nothing cut. */
export function wireStrip(wire: WireLine[], look: Look, most: number): string[] {
  if (wire.length === 0) return []
  const shown = windowOf(wire, most)
  const lanes = new Set(wire.map((line) => line.lane)).size > 1
  const longest = Math.max(...shown.map((line) => line.api.length))
  const lines = shown.flatMap((line) => {
    const who = lanes ? `[${line.lane}] ` : ''
    const start = `${line.marked ? '>' : ' '} ${`${line.atMs}`.padStart(5)} ms  ${who}${line.api.padEnd(longest)}  `
    const width = look.width - INDENT.length
    const text = shortNames(plain(line.text))
    const texts = Number.isFinite(most) ? fold(start, text, width) : unfold(start, text, width)
    return texts.map((text) => `${INDENT}${paint(look, line.marked ? 'bold' : 'dim', text)}`)
  })
  const left = wire.length - shown.length
  const more =
    left > 0
      ? [
          `${INDENT}${paint(look, 'dim', `  ... ${left} more ${left === 1 ? 'line' : 'lines'}: add -- --wire`)}`,
        ]
      : []
  return [`${INDENT}${paint(look, 'dim', 'on the wire')}`, ...lines, ...more]
}

/** One line where there is room for one; else one more below it, in a narrow terminal two, because its end is what tells. */
function fold(start: string, text: string, width: number): string[] {
  if (start.length + text.length <= width) return [`${start}${text}`]
  const isNarrow = width < WIDE
  const pad = ' '.repeat(isNarrow ? 12 : Math.min(start.length, 24))
  const [first = '', ...rest] = wrap(text, width - (isNarrow ? pad : start).length)
  const above = isNarrow ? [start.trimEnd(), `${pad}${first}`] : [`${start}${first}`]
  const below = rest.length > 0 ? [`${pad}${rest.join(' ')}`] : []
  return [...above, ...below].map((line) => cut(line, width))
}

/** As many lines as it takes. */
function unfold(start: string, text: string, width: number): string[] {
  const pad = ' '.repeat(Math.min(start.length, 24))
  const [first = '', ...rest] = wrap(text, Math.max(30, width - start.length))
  return [`${start}${first}`, ...rest.map((line) => `${pad}${line}`)]
}

function printed(check: CheckResult, context: ReportContext, look: Look, loud: boolean): string[] {
  if (check.logs.length === 0 || !loud) return []
  const lines = check.logs.map((log) => {
    const place = logPlace(log)
    const text = cut(plain(log.text), Math.max(20, look.width - INDENT.length - 2 - place.length))
    return `${INDENT}  ${paint(look, 'dim', place)}${text}`
  })
  const all = check.logFile && shownPath(path.resolve(context.root, check.logFile), context.cwd)
  const more = all ? [`${INDENT}  ${paint(look, 'dim', `... all of it: ${all}`)}`] : []
  return [`${INDENT}${paint(look, 'dim', 'your code printed')}`, ...lines, ...more]
}

function logPlace(log: OutputLine): string {
  if (!log.at) return ''
  return plain(`${path.basename(log.at.file)}:${log.at.line}  `)
}

function footer(result: ExerciseResult, context: ReportContext, look: Look): string[] {
  const blocked = result.checks.filter((check) => check.verdict === 'blocked').length
  const parts: string[] = []
  if (blocked > 0)
    parts.push(`${look.ticks ? '· ' : ''}${blocked} more ${blocked === 1 ? 'check' : 'checks'} after this`)
  if (result.answer.kind === 'exercise' && result.verdict !== 'passed' && result.verdict !== 'error') {
    parts.push(`npm run hint ${result.exercise.slice(0, 2)}`)
  }
  if (result.verdict === 'passed' && result.answer.kind === 'exercise' && context.next) {
    parts.push(`next: exercises/${context.next}/README.md`)
  }
  parts.push(`seed ${context.seed} · file ${result.answer.hash}`)
  const line = parts.join('      ')
  const lines = line.length + 4 > look.width ? parts : [line]
  return lines.map((one) => `    ${paint(look, 'dim', one)}`)
}
