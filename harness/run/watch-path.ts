/** The way through the book that the learner has chosen, when it is not all of it. */
export interface WatchedPath {
  /** `two hours` */
  name: string
  /** Indices of its exercises in the book, in the order of the book. */
  stops: readonly number[]
}

/** Where somebody stands in the book: at an index, which may lie beside the path. */
interface Position {
  exercises: readonly unknown[]
  at: number
  /** Null is the whole book. */
  path: WatchedPath | null
}

/** Indices of the exercises that `n` and `p` go to. */
export function stopsOf({ exercises, path }: Omit<Position, 'at'>): readonly number[] {
  return path?.stops ?? exercises.map((_, index) => index)
}

/** The stop after this exercise, or before it; else a sentence that says why there is none. */
export function stopBeside(position: Position, side: 'after' | 'before'): number | string {
  const { at, path } = position
  const stops = stopsOf(position)
  const stop = side === 'after' ? stops.find((one) => one > at) : stops.findLast((one) => one < at)
  if (stop !== undefined) return stop
  if (path) return `No exercise on the path "${path.name}" comes ${side} this one. l: the whole book`
  return `This is the ${side === 'after' ? 'last' : 'first'} exercise.`
}
