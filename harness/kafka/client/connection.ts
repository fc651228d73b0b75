import net from 'node:net'
import { type Api, readResponse, writeRequest } from '../protocol/api.ts'
import { frames } from '../protocol/frames.ts'
import { type Address, showAddress } from './address.ts'
import { BrokerError } from './broker-error.ts'

/** One request that waits for its answer. */
interface Waiting {
  take(frame: Buffer): void
  fail(error: Error): void
}

/** One TCP connection to one node. Requests may be sent without waiting for the answers before them. */
export class Connection {
  readonly address: Address
  private readonly socket: net.Socket
  private readonly timeoutMs: number
  private readonly clientId: string
  private readonly waiting = new Map<number, Waiting>()
  private lastCorrelationId = 0
  private lost: Error | null = null

  private constructor(address: Address, socket: net.Socket, timeoutMs: number, clientId: string) {
    this.address = address
    this.socket = socket
    this.timeoutMs = timeoutMs
    this.clientId = clientId
    void this.readAnswers()
  }

  /** Connects within `timeoutMs`, which is also the deadline of every request. Rejects with BrokerError. */
  static open(address: Address, timeoutMs: number, clientId = 'workbook'): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ ...address, noDelay: true })
      const fail = (why: string) => {
        clearTimeout(timer)
        socket.destroy()
        reject(new BrokerError(`No connection to Kafka at ${showAddress(address)}: ${why}`))
      }
      const timer = setTimeout(() => fail(`nothing answered within ${timeoutMs} ms`), timeoutMs)
      // Stays for good: once connected, errors reach the loop that reads answers, and this does nothing any more.
      socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message))
      socket.once('connect', () => {
        clearTimeout(timer)
        resolve(new Connection(address, socket, timeoutMs, clientId))
      })
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
      const fail = (error: Error) => {
        clearTimeout(timer)
        this.waiting.delete(correlationId)
        reject(new BrokerError(`${what}: ${error.message}`))
      }
      const timer = setTimeout(() => fail(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs)
      const take = (answer: Buffer) => {
        clearTimeout(timer)
        this.waiting.delete(correlationId)
        resolve(readResponse(api, version, answer.subarray(4)).body)
      }
      this.waiting.set(correlationId, { take, fail })
      this.socket.write(frame)
    })
  }

  /** Sends one request that Kafka does not answer: Produce with acks=0. */
  tell<Request>(api: Api<Request, unknown>, version: number, body: Request): void {
    this.socket.write(this.frame(api, version, body).frame)
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
      for await (const frame of frames(this.socket)) {
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
    this.socket.destroy()
    for (const waiting of this.waiting.values()) waiting.fail(error)
  }
}
