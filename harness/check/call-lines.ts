import { inspect } from 'node:util'
import { oneLine } from '../kafka/wiretap/show-value.ts'
import type { Outcome } from './playing.ts'

/** Calls of one function of the answer that were made together. */
export interface Trip {
  name: string
  argumentLists: readonly (readonly unknown[])[]
  /** One for each call; empty as long as nothing has come back. */
  outcomes: readonly Outcome<unknown>[]
}

const MOST_LINES = 3
/** Characters of a call that is shown as it is. */
const WIDTH = 90
/** Trips that are kept, and calls of each that are written to the file. */
const MOST_TRIPS = 100
const MOST_CALLS = 100
/** Characters of one value, and from which on the file gets no further call. */
const MOST_OF_VALUE = 10_000
const MOST_OF_FILE = 1_000_000

/** Puts a trip behind those before it, and forgets the oldest where there are very many. */
export function keepTrip(trips: Trip[], trip: Trip): void {
  if (trips.push(trip) > MOST_TRIPS) trips.shift()
}

/**
 * What a check asked of a pure answer, in a few lines: a single call as it was where it is short, `idle(2, 3) -> 1`; others by
 * their number, `remap(), 36 calls`. The last ones stand for all.
 */
export function callLines(trips: readonly Trip[]): string[] {
  return trips.slice(-MOST_LINES).map(({ name, argumentLists, outcomes }) => {
    const [given, ...more] = argumentLists
    if (given && more.length === 0) {
      const line = told(name, given, outcomes[0], Number.POSITIVE_INFINITY)
      if (line.length <= WIDTH) return line
    }
    return `${name}(), ${argumentLists.length} ${argumentLists.length === 1 ? 'call' : 'calls'}`
  })
}

/** Whether the lines say all that the file would. */
export function areWhole(lines: readonly string[], trips: readonly Trip[]): boolean {
  return lines.length === trips.length && lines.every((line) => line.includes(') -> '))
}

/** Every call with what was given and returned, as text for a file; of many that were made together the first hundred. */
export function callLog(trips: readonly Trip[]): string {
  let text = ''
  for (const { name, argumentLists, outcomes } of trips) {
    for (const [index, given] of argumentLists.entries()) {
      const left = argumentLists.length - index
      if (index === MOST_CALLS || text.length > MOST_OF_FILE) {
        text += `... ${left} more ${left === 1 ? 'call' : 'calls'} of ${name}()\n\n`
        break
      }
      text += `${told(name, given, outcomes[index], WIDTH)}\n\n`
    }
  }
  return text
}

function told(
  name: string,
  given: readonly unknown[],
  outcome: Outcome<unknown> | undefined,
  width: number,
): string {
  const values = given.map((value) => shown(value, width))
  const isShort = values.join(', ').length <= width
  const call = isShort ? `${name}(${values.join(', ')}) ->` : `${name}(\n${values.join(',\n')}\n) ->`
  return `${call} ${ended(outcome, width)}`
}

function ended(outcome: Outcome<unknown> | undefined, width: number): string {
  if (outcome === undefined) return 'nothing came back'
  if (outcome.threw === undefined) return shown(outcome.returned, width)
  return `threw ${oneLine(`${outcome.threw.name}: ${outcome.threw.message}`)}`
}

function shown(value: unknown, width: number): string {
  const text = inspect(value, {
    depth: 8,
    breakLength: width,
    compact: Number.isFinite(width) ? 3 : true,
    maxArrayLength: 100,
    maxStringLength: 1000,
  })
  return text.slice(0, MOST_OF_VALUE).split('\n').map(oneLine).join('\n')
}
