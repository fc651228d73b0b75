import { type Api, readResponse, writeRequest } from '../protocol/api.ts'
import { type Address, showAddress } from './address.ts'
import { BrokerError } from './broker-error.ts'
import { type NodeSocket, openSocket } from './open-socket.ts'
import type { Security } from './security.ts'

/** The code of errors that only tell that time is over. */
export const NO_ANSWER = 'ETIMEDOUT'

/** An error of ours, or of Node. */
interface Failure {
  message: string
  code?: string | null
}

/** One request that waits for its answer. */
interface Waiting {
  take(frame: Buffer): void
  fail(error: Failure): void
}

export interface ConnectionOptions {
  /** How long connecting and logging in may take, and every answer, in milliseconds. */
  timeoutMs: number
  /** TLS and SASL, where the node's listener asks for them. */
  security?: Security | null | undefined
  clientId?: string
}

/** One connection to one node. Requests may be sent without waiting for the answers before them. */
export class Connection {
  readonly address: Address
  private readonly node: NodeSocket
  private readonly timeoutMs: number
  private readonly clientId: string
  private readonly waiting = new Map<number, Waiting>()
  private lastCorrelationId = 0
  private lost: Error | null = null

  private constructor(address: Address, node: NodeSocket, timeoutMs: number, clientId: string) {
    this.address = address
    this.node = node
    this.timeoutMs = timeoutMs
    this.clientId = clientId
    void this.readAnswers()
  }

  /** Connects and logs in. Rejects with BrokerError; its code is Kafka's, or Node's for TCP and TLS. */
  static open(address: Address, options: ConnectionOptions): Promise<Connection> {
    const { timeoutMs, security = null, clientId = 'workbook' } = options
    return new Promise((resolve, reject) => {
      const node = openSocket(address, security)
      const fail = (why: string, code: string | null = null) => {
        clearTimeout(timer)
        node.socket.destroy()
        reject(new BrokerError(`No connection to Kafka at ${showAddress(address)}: ${why}`, code))
      }
      const timer = setTimeout(() => fail(`nothing answered within ${timeoutMs} ms`, NO_ANSWER), timeoutMs)
      const refused = (error: Failure) => {
        const { code = null, message } = error
        fail(error instanceof BrokerError ? message : (code ?? message), code)
      }
      node.ready.then(() => {
        clearTimeout(timer)
        resolve(new Connection(address, node, timeoutMs, clientId))
      }, refused)
    })
  }

  get closed(): boolean {
    return this.lost !== null
  }

  /** Sends one request and resolves with its answer, or rejects with BrokerError past the deadline. */
  request<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    body: NoInfer<Request>,
  ): Promise<Response> {
    const what = `${api.name} v${version} to ${showAddress(this.address)}`
    if (this.lost) return Promise.reject(new BrokerError(`${what}: ${this.lost.message}`))
    const { correlationId, frame } = this.frame(api, version, body)
    return new Promise((resolve, reject) => {
      const fail = (error: Failure) => {
        clearTimeout(timer)
        this.waiting.delete(correlationId)
        reject(new BrokerError(`${what}: ${error.message}`, error.code ?? null))
      }
      const late = { message: `no answer within ${this.timeoutMs} ms`, code: NO_ANSWER }
      const timer = setTimeout(() => fail(late), this.timeoutMs)
      const take = (answer: Buffer) => {
        clearTimeout(timer)
        this.waiting.delete(correlationId)
        resolve(readResponse(api, version, answer.subarray(4)).body)
      }
      this.waiting.set(correlationId, { take, fail })
      this.node.socket.write(frame)
    })
  }

  /** Sends one request that Kafka does not answer: Produce with acks=0. */
  tell<Request>(api: Api<Request, unknown>, version: number, body: Request): void {
    this.node.socket.write(this.frame(api, version, body).frame)
  }

  private frame<Request>(api: Api<Request, unknown>, apiVersion: number, body: Request) {
    this.lastCorrelationId += 1
    const correlationId = this.lastCorrelationId
    return {
      correlationId,
      frame: writeRequest(api, { apiVersion, correlationId, clientId: this.clientId }, body),
    }
  }

  close(): void {
    this.lose(new Error('the connection was closed'))
  }

  private async readAnswers(): Promise<void> {
    try {
      for await (const frame of this.node.answers) {
        const waiting = this.waiting.get(frame.readInt32BE(4))
        try {
          waiting?.take(frame)
        } catch (error) {
          waiting?.fail(error as Error)
        }
      }
      this.lose(new Error('the broker closed the connection'))
    } catch (error) {
      this.lose(error as Error)
    }
  }

  private lose(error: Error): void {
    this.lost ??= error
    this.node.socket.destroy()
    for (const waiting of this.waiting.values()) waiting.fail(error)
  }
}
