import type { AnyApi, Api } from '../protocol/api.ts'

/**
 * Makes the answer that Kafka gives when all of a request fails with one error, from the request alone. Null when the answer has no
 * place for an error.
 */
export type Refusal = (request: unknown, errorCode: number) => unknown

/** Answers that say no, by API. */
export class Refusals {
  readonly #byKey = new Map<number, Refusal>()

  add<Request, Response>(
    api: Api<Request, Response>,
    answer: (request: Request, errorCode: number) => Response | null,
  ): void {
    this.#byKey.set(api.key, answer as Refusal)
  }

  of(api: AnyApi): Refusal | null {
    return this.#byKey.get(api.key) ?? null
  }
}
