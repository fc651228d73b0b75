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

/** A step of the show, from one caption to the next. */
export interface Step {
  fromMs: number
  toMs: number
  x: number
  width: number
}

export interface Timeline {
  rows: Row[]
  steps: Step[]
  /** Where a time of the show lies. Within a step time is even; a step with much to show is wider. */
  xOf(atMs: number): number
}

/**
 * Lays out what was shown. Every step is as wide as its marks need; the room that is left is shared out by time.
 */
export function timelineOf({ moments, captions }: Told): Timeline {
  const marked = moments.map((moment) => ({ moment, word: wordOf(moment) }))
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
    const marks = own.length === 0 ? [] : pack(own, steps, { xOf, stepOf })
    return { who: name, marks, sublines: 1 + Math.max(0, ...marks.map(({ subline }) => subline)) }
  })
  return { rows, steps, xOf }
}

function placed(spans: { fromMs: number; toMs: number }[], needs: number[]): Step[] {
  const needed = needs.reduce((sum, one) => sum + one, 0)
  const spare = Math.max(0, PLOT - needed)
  const total = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) || 1
  const shrink = Math.min(1, PLOT / needed)
  let x = PICTURE.left
  return spans.map(({ fromMs, toMs }, index) => {
    const width = (needs[index] as number) * shrink + (spare * (toMs - fromMs)) / total
    const step = { fromMs, toMs, x, width }
    x += width
    return step
  })
}

/** Marks that come at once stand below each other, then side by side. */
function pack(
  marks: { moment: Moment; word: string }[],
  steps: Step[],
  { xOf, stepOf }: { xOf(atMs: number): number; stepOf(atMs: number): number },
): Mark[] {
  const ends = Array.from({ length: PICTURE.sublines }, () => 0)
  return marks.map(({ moment, word }) => {
    const width = widthOf(word)
    const step = steps[stepOf(moment.atMs)] as Step
    const latest = step.x + step.width - width - GAP
    const wanted = Math.max(step.x + 1, Math.min(xOf(moment.atMs), latest))
    const free = ends.findIndex((end) => end <= wanted)
    const subline = free >= 0 ? free : ends.indexOf(Math.min(...ends))
    const x = Math.max(wanted, ends[subline] as number)
    ends[subline] = x + width + GAP
    return { moment, word, x, width, subline }
  })
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
