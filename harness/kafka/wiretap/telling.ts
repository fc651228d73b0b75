import type { Api } from '../protocol/api.ts'
import { errorName } from '../protocol/error-codes.ts'
import type { Exchange } from './journal.ts'

/** Puts the exchanges of one API into words: one line for each fact, none when there is nothing to tell a learner. */
export interface Teller {
  api: string
  tell(exchange: Exchange): string[]
}

/** Makes a teller from a function of the decoded request and its answer, which is null while there is none. */
export function telling<Request, Response>(
  api: Api<Request, Response>,
  tell: (request: Request, response: Response | null, exchange: Exchange) => string[],
): Teller {
  return {
    api: api.name,
    tell: (exchange) => tell(exchange.request as Request, exchange.response as Response | null, exchange),
  }
}

/** The parts of a line, two spaces between them; a part that is false or empty is left out. */
export function parts(...all: (string | false)[]): string {
  return all.filter(Boolean).join('  ')
}

/** How a request ended: without an answer, with an error, or well, which needs no word. */
export function outcome(exchange: Exchange, errorCode = 0): string | false {
  if (exchange.responseAtMs === null) return '-> no answer'
  return errorCode !== 0 && `-> ${errorName(errorCode)}`
}

/** `1 record`, `2 records`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
