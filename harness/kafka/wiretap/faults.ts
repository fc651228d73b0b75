import { WorkbookError } from '../../errors.ts'
import type { AnyApi } from '../protocol/api.ts'
import { APIS } from '../protocol/apis.ts'
import { type ErrorName, errorCode } from '../protocol/error-codes.ts'
import { refusalOf } from './refusals.ts'

/** A fault for the next `times` (default 1) requests of an API. */
export interface Fault {
  api: string
  times?: number
  /** Answers with this Kafka error (`NOT_LEADER_OR_FOLLOWER`) and does not ask the broker. */
  error?: string
  /** Loses the request: the broker never sees it, the connection is closed. */
  drop?: boolean
  /** Lets the broker work, then closes the connection instead of handing on its answer. */
  cutAnswer?: boolean
  /** Holds the request back for so many milliseconds. */
  delayMs?: number
}

/** A fault as it strikes one request. */
export interface Strike {
  delayMs: number
  drop: boolean
  cutAnswer: boolean
  /** The answer to give without asking the broker, or null. */
  answer: unknown
  /** What happened, for the journal. */
  words: string
}

/** The faults that wait for their requests; the first one injected strikes first. */
export class Faults {
  private waiting: { api: AnyApi; fault: Fault; left: number }[] = []

  /** Adds a fault for the next `times` requests of its API. Throws WorkbookError when it cannot be done. */
  inject(fault: Fault): void {
    const api = [...APIS.values()].find((one) => one.name === fault.api)
    if (!api) throw new WorkbookError(`The wiretap knows no API "${fault.api}".`, `It knows ${apiNames()}.`)
    const times = fault.times ?? 1
    if (!Number.isInteger(times) || times < 1) {
      throw new WorkbookError(`A fault cannot strike ${times} times.`, 'Give a whole number from 1.')
    }
    checkEffects(api, fault)
    this.waiting.push({ api, fault, left: times })
  }

  /** The fault that strikes this request, if any; it is used up by one. */
  strike(api: AnyApi, request: unknown): Strike | null {
    for (const one of this.waiting) {
      if (one.api.key !== api.key) continue
      const { error } = one.fault
      const answer = error === undefined ? null : (refusalOf(api)?.(request, codeOf(error)) ?? null)
      // An answer without a place for the error: the fault waits for a request that it fits.
      if (error !== undefined && answer === null) continue
      one.left -= 1
      this.waiting = this.waiting.filter(({ left }) => left > 0)
      return strikeOf(one.fault, answer)
    }
    return null
  }
}

function strikeOf(fault: Fault, answer: unknown): Strike {
  const { delayMs = 0, drop = false, cutAnswer = false, error } = fault
  const words = [
    delayMs > 0 && `held back for ${delayMs} ms`,
    drop && 'lost on the way to the broker',
    cutAnswer && 'its answer was lost on the way back',
    error !== undefined && `answered ${error} without asking the broker`,
  ]
  return { delayMs, drop, cutAnswer, answer, words: words.filter(Boolean).join(', ') }
}

function checkEffects(api: AnyApi, { error, drop, cutAnswer, delayMs }: Fault): void {
  const effects = [error !== undefined, drop === true, cutAnswer === true].filter(Boolean).length
  if (effects > 1 || (effects === 0 && delayMs === undefined)) {
    throw new WorkbookError(
      `A fault of ${api.name} needs one effect.`,
      'Give one of error, drop and cutAnswer; delayMs may come with it, or stand alone.',
    )
  }
  if (delayMs !== undefined && !(delayMs >= 0 && delayMs <= 60_000)) {
    throw new WorkbookError(`A fault cannot hold a request back for ${delayMs} ms.`, 'Give 0 to 60000.')
  }
  if (error === undefined) return
  codeOf(error)
  if (!refusalOf(api)) {
    throw new WorkbookError(
      `The wiretap cannot answer ${api.name} with an error.`,
      `It can for ${apiNames((one) => refusalOf(one) !== null)}; drop, cutAnswer and delayMs work for every API.`,
    )
  }
}

/** The code of an error whose name a check gives as text. */
function codeOf(name: string): number {
  const code: number | undefined = errorCode(name as ErrorName)
  if (!code)
    throw new WorkbookError(`Kafka has no error "${name}".`, 'Give its name, as NOT_LEADER_OR_FOLLOWER.')
  return code
}

function apiNames(which: (api: AnyApi) => boolean = () => true): string {
  return [...APIS.values()]
    .filter(which)
    .map((api) => api.name)
    .join(', ')
}
