import type { Moment } from './moments.ts'
import type { Told } from './run-demo.ts'

/** The places of a timeline's marks, in pixels of a picture that is as wide as a projector. */
export const PICTURE = { width: 1280, left: 130, right: 30, charWidth: 9, markHeight: 24, sublines: 3 }
const GAP = 5
const PLOT = PICTURE.width - PICTURE.left - PICTURE.right
/** A step in which nothing is shown is as wide as its number. */
const LEAST_STEP = 34

/** A moment in its place: `subline` counts from 0 within the row of its program. */
export interface Mark {
  moment: Moment
  word: string
  x: number
  width: number
  subline: number
}

export interface Row {
  who: string
  marks: Mark[]
  sublines: number
}

type Unplaced = Pick<Mark, 'moment' | 'word'>

/** A step of the show, from one caption to the next. */
interface Step {
  fromMs: number
  toMs: number
  x: number
  width: number
}

export interface Timeline {
  rows: Row[]
  steps: Step[]
  /** As wide as a projector, unless there is more to show. */
  width: number
  /** Where a time of the show lies. Within a step time is even; a step with much to show is wider. */
  xOf(atMs: number): number
}

/**
 * Lays out what was shown. Every step is as wide as its marks need; the room that is left is shared out by time.
 */
export function timelineOf({ moments, captions }: Told): Timeline {
  const marked: Unplaced[] = moments.map((moment) => ({ moment, word: wordOf(moment) }))
  const edges = [0, ...captions.map(({ atMs }) => atMs)]
  const spans = edges.slice(1).map((toMs, index) => ({ fromMs: edges[index] as number, toMs }))
  const stepOf = (atMs: number) =>
    Math.max(
      0,
      spans.findIndex(({ toMs }) => atMs <= toMs),
    )
  const who = [...new Set(moments.map((one) => one.who))]
  const needs = spans.map((_, step) =>
    Math.max(
      LEAST_STEP,
      ...who.map((name) => {
        const widths = marked
          .filter(({ moment }) => moment.who === name && stepOf(moment.atMs) === step)
          .map(({ word }) => widthOf(word) + GAP)
        const column = Math.max(0, ...widths)
        return column * Math.ceil(widths.length / PICTURE.sublines)
      }),
    ),
  )
  const steps = placed(spans, needs)
  const xOf = (atMs: number) => {
    const { fromMs, toMs, x, width } = steps[stepOf(atMs)] as Step
    return toMs === fromMs ? x : x + (width * (Math.min(atMs, toMs) - fromMs)) / (toMs - fromMs)
  }
  const rows = who.map((name) => {
    const own = marked.filter(({ moment }) => moment.who === name)
    const marks = steps.flatMap((step, index) =>
      pack(
        own.filter(({ moment }) => stepOf(moment.atMs) === index),
        step,
        xOf,
      ),
    )
    return { who: name, marks, sublines: 1 + Math.max(0, ...marks.map(({ subline }) => subline)) }
  })
  const last = steps.at(-1)
  const width = Math.max(PICTURE.width, (last ? last.x + last.width : 0) + PICTURE.right)
  return { rows, steps, width, xOf }
}

function placed(spans: { fromMs: number; toMs: number }[], needs: number[]): Step[] {
  const needed = needs.reduce((sum, one) => sum + one, 0)
  const spare = Math.max(0, PLOT - needed)
  const total = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) || 1
  let x = PICTURE.left
  return spans.map(({ fromMs, toMs }, index) => {
    const width = (needs[index] as number) + (spare * (toMs - fromMs)) / total
    const step = { fromMs, toMs, x, width }
    x += width
    return step
  })
}

/**
 * The marks of one row in one step. Those that come at once stand below each other, then side by side; none leaves its
 * step, which is wide enough for all of them.
 */
function pack(marks: Unplaced[], step: Step, xOf: Timeline['xOf']): Mark[] {
  const most = Math.ceil(marks.length / PICTURE.sublines)
  const lines: Mark[][] = Array.from({ length: PICTURE.sublines }, () => [])
  for (const { moment, word } of marks) {
    const wanted = Math.max(step.x + 1, xOf(moment.atMs))
    const open = lines.filter((line) => line.length < most)
    const line = (open.find((one) => endOf(one) <= wanted) ?? open.sort(byEnd)[0]) as Mark[]
    const x = Math.max(wanted, endOf(line))
    line.push({ moment, word, x, width: widthOf(word), subline: lines.indexOf(line) })
  }
  for (const line of lines) {
    let right = step.x + step.width
    for (const mark of line.toReversed()) {
      mark.x = Math.min(mark.x, right - mark.width - GAP)
      right = mark.x
    }
  }
  return lines.flat()
}

function endOf(line: Mark[]): number {
  const last = line.at(-1)
  return last ? last.x + last.width + GAP : 0
}

function byEnd(one: Mark[], other: Mark[]): number {
  return endOf(one) - endOf(other)
}

function widthOf(word: string): number {
  return word.length * PICTURE.charWidth + 10
}

/** As short as can be: a key, or a verb and its object. */
function wordOf({ kind, label }: Moment): string {
  switch (kind) {
    case 'owns':
      return `owns ${label}`
    case 'committed':
      return `commits ${label}`
    default:
      return label
  }
}
