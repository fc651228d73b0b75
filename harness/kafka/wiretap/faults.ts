import { WorkbookError } from '../../errors.ts'
import type { AnyApi } from '../protocol/api.ts'
import { APIS } from '../protocol/apis.ts'
import { type ErrorName, errorCode } from '../protocol/error-codes.ts'
import { canNameGroups, canNameTopics, groupsIn, topicsIn } from './named-in-request.ts'
import type { OpenedRequest } from './open-frame.ts'
import { refusalOf } from './refusals.ts'

/**
 * Something that goes wrong on the wire, the same before every broker: which requests, how many of them, and what happens
 * to them.
 *
 *   { api: 'Produce', cutAnswer: true }                            the next one
 *   { api: 'Fetch', topic: 'orders', nth: 3, drop: true }          the third from now on, and no other
 *   { api: 'OffsetCommit', times: 2, error: 'NOT_COORDINATOR' }    the next two
 *   { api: 'Heartbeat', group: 'g', times: 'every', delayMs: 50 }  all
 */
export interface Fault {
  /** Kafka's name of the API, `Produce`. */
  api: string
  /** Only requests that name this topic, alone or among others. */
  topic?: string
  /** Only requests that name this group. */
  group?: string
  /** Only requests of this client id. */
  clientId?: string
  /** Counted from now on over all lanes, the first request that it strikes; default 1, the next one. */
  nth?: number
  /** How many it strikes from there on; default 1. */
  times?: number | 'every'
  /** Answers with this Kafka error (`NOT_LEADER_OR_FOLLOWER`) and does not ask the broker. */
  error?: string
  /** Loses the request: the broker never sees it, the connection is closed. */
  drop?: boolean
  /** Lets the broker work, then closes the connection instead of handing on its answer. */
  cutAnswer?: boolean
  /** Holds the request back for so many milliseconds, and what follows on its connection. Goes with the others, or alone. */
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

/** A fault that waits for its requests. */
interface Waiting {
  fault: Fault
  api: AnyApi
  /** Requests that it fits, so far. */
  seen: number
  /** Requests that it still strikes. */
  left: number
}

/**
 * The faults that were injected. Each one counts all requests that it fits; a request that several of them would strike is
 * struck by the one that was injected first, and the others strike a later one.
 */
export class Faults {
  private waiting: Waiting[] = []

  /** Adds a fault for the requests that follow. Throws WorkbookError when it cannot be done. */
  inject(fault: Fault): void {
    const api = [...APIS.values()].find((one) => one.name === fault.api)
    if (!api) throw new WorkbookError(`The wiretap knows no API "${fault.api}".`, `It knows ${apiNames()}.`)
    const { nth = 1, times = 1 } = fault
    checkCount(nth, `the request number ${nth}`)
    if (times !== 'every') checkCount(times, `${times} times`)
    checkNames(api, fault)
    checkEffects(api, fault)
    this.waiting.push({ fault, api, seen: 0, left: times === 'every' ? Number.POSITIVE_INFINITY : times })
  }

  /** The fault that strikes this request, if any; it is used up by one. */
  strike(request: OpenedRequest): Strike | null {
    const fitting = this.waiting.filter((one) => fits(one, request))
    for (const one of fitting) one.seen += 1
    const due = fitting.find(({ fault, seen }) => seen >= (fault.nth ?? 1))
    if (!due) return null
    due.left -= 1
    this.waiting = this.waiting.filter(({ left }) => left > 0)
    return strikeOf(due.fault, answerOf(due, request))
  }
}

/** A fault that answers with an error fits only requests whose answer has a place for it (see refusals.ts). */
function fits({ api, fault }: Waiting, request: OpenedRequest): boolean {
  const { topic, group, clientId, error } = fault
  if (request.api?.key !== api.key || request.unread !== null) return false
  if (clientId !== undefined && request.header?.clientId !== clientId) return false
  if (topic !== undefined && !topicsIn(request.body).includes(topic)) return false
  if (group !== undefined && !groupsIn(request.body).includes(group)) return false
  return error === undefined || answerOf({ api, fault }, request) !== null
}

function answerOf(
  { api, fault: { error } }: Pick<Waiting, 'api' | 'fault'>,
  { body }: OpenedRequest,
): unknown {
  return error === undefined ? null : (refusalOf(api)?.(body, codeOf(error)) ?? null)
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

function checkCount(number: number, what: string): void {
  if (Number.isInteger(number) && number >= 1) return
  throw new WorkbookError(`A fault cannot strike ${what}.`, 'Give a whole number from 1.')
}

function checkNames(api: AnyApi, { topic, group }: Fault): void {
  const missing =
    topic !== undefined && !canNameTopics(api)
      ? 'topic'
      : group !== undefined && !canNameGroups(api)
        ? 'group'
        : null
  if (missing === null) return
  throw new WorkbookError(
    `A ${api.name} request names no ${missing}.`,
    `Leave ${missing} out, or choose another API.`,
  )
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
