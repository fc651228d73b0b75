import { type ErrorName, errorCode } from '../protocol/error-codes.ts'

/** One of Kafka's errors, thrown by the state and turned into an answer by the handler that asked. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly error: ErrorName
  /** Kafka's own words for the client; null where Kafka sends the code alone. */
  readonly text: string | null

  constructor(error: ErrorName, text: string | null = null) {
    super(text === null ? error : `${error}: ${text}`)
    this.error = error
    this.text = text
  }
}

/** What most answers carry for each topic or resource. */
export interface ErrorFields {
  errorCode: number
  errorMessage: string | null
}

/** Kafka's general words for INVALID_REQUEST, where an answer has to have some. */
export const MALFORMED_REQUEST =
  'This most likely occurs because of a request being malformed by the client library or the message was sent to an ' +
  'incompatible broker. See the broker logs for more details.'

const NO_ERROR: ErrorFields = { errorCode: 0, errorMessage: null }

export function errorFields({ error, text }: Refusal): ErrorFields {
  return { errorCode: errorCode(error), errorMessage: text }
}

/** Runs `action` and says how it ended; only a Refusal is taken for an answer, other errors go on. */
export function attempt(action: () => void): ErrorFields {
  try {
    action()
    return NO_ERROR
  } catch (error) {
    if (error instanceof Refusal) return errorFields(error)
    throw error
  }
}
