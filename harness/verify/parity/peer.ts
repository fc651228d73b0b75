import type { Address } from '../../kafka/client/address.ts'
import { BrokerError } from '../../kafka/client/broker-error.ts'
import { Connection } from '../../kafka/client/connection.ts'
import type { Api } from '../../kafka/protocol/api.ts'
import type { OpenStep, Transcript } from './transcript.ts'

/** A request that is under way. */
export interface Asked<Response> {
  answer: Promise<Response>
  isAnswered(): boolean
}

export interface PeerOptions {
  address: Address
  clientId: string
  /** The deadline of a request, in milliseconds. */
  timeoutMs: number
  transcript: Transcript
  /** Takes out of an answer what belongs to other sequences. */
  ownRows: (answer: unknown) => unknown
}

const RETRY_MS = 10

/** One connection of a sequence to a node. What it asks, and is answered, goes into the transcript. */
export class Peer {
  readonly #connection: Connection
  readonly #options: PeerOptions

  private constructor(connection: Connection, options: PeerOptions) {
    this.#connection = connection
    this.#options = options
  }

  static async open(options: PeerOptions): Promise<Peer> {
    return new Peer(await Connection.open(options.address, options), options)
  }

  /** Sends a request without waiting: it may be parked, or others may follow on the same connection. */
  send<Request, Response>(api: Api<Request, Response>, version: number, body: Request): Asked<Response> {
    return this.#send(api, version, body, this.#options.transcript.open(`${api.name} v${version}`))
  }

  /** Sends a request and waits for its answer. Rejects with BrokerError when none comes. */
  ask<Request, Response>(api: Api<Request, Response>, version: number, body: Request): Promise<Response> {
    return this.send(api, version, body).answer
  }

  /** As `ask`, for an answer that speaks of everything in the cluster: only this sequence's topics and groups are compared. */
  async askOwn<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    body: Request,
  ): Promise<Response> {
    const step = this.#options.transcript.open(`${api.name} v${version}`)
    const answer = await this.#connection.request(api, version, body)
    step.close(this.#options.ownRows(answer))
    return answer
  }

  /** Sends what makes the broker close the connection; should it answer after all, the transcript shows that. */
  async provoke<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    body: Request,
  ): Promise<void> {
    await this.ask(api, version, body).catch((error) => {
      if (!(error instanceof BrokerError)) throw error
    })
  }

  /** Asks again until the answer is as wanted, as clients do; the transcript has that answer alone. */
  async until<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    body: Request,
    isWanted: (answer: Response) => boolean,
  ): Promise<Response> {
    const step = this.#options.transcript.open(`${api.name} v${version}`)
    const answer = await this.quietlyUntil(api, version, body, isWanted)
    step.close(answer)
    return answer
  }

  /** Asks without a trace in the transcript: for what another sequence compares. */
  quietly<Request, Response>(api: Api<Request, Response>, version: number, body: Request): Promise<Response> {
    const answer = this.#connection.request(api, version, body)
    // A sequence that has ended meanwhile does not wait for it any more.
    answer.catch(() => {})
    return answer
  }

  async quietlyUntil<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    body: Request,
    isWanted: (answer: Response) => boolean,
  ): Promise<Response> {
    const giveUpAt = Date.now() + this.#options.timeoutMs
    for (;;) {
      const answer = await this.quietly(api, version, body)
      if (isWanted(answer)) return answer
      if (Date.now() > giveUpAt)
        throw new BrokerError(`${api.name} v${version}: never the answer to wait for`)
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }

  /** Sends a request that Kafka does not answer. */
  tell<Request>(api: Api<Request, unknown>, version: number, body: Request): void {
    this.#connection.tell(api, version, body)
  }

  close(): void {
    this.#connection.close()
  }

  #send<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    body: Request,
    step: OpenStep,
  ): Asked<Response> {
    let answered = false
    const answer = this.#connection.request(api, version, body).then(
      (response) => {
        answered = true
        step.close(response)
        return response
      },
      (error: Error) => {
        step.close(
          /closed the connection|ECONNRESET|EPIPE/.test(error.message) ? 'connection closed' : 'no answer',
        )
        throw error
      },
    )
    // Whoever waits hears of it; a sequence that does not is judged by its transcript.
    answer.catch(() => {})
    return { answer, isAnswered: () => answered }
  }
}
