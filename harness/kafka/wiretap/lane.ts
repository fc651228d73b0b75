import net from 'node:net'
import { type Address, showAddress } from '../client/address.ts'
import type { Security } from '../client/security.ts'
import { Bridge } from './bridge.ts'
import type { Faults } from './faults.ts'
import type { Guard } from './guard.ts'
import type { Recorder } from './recorder.ts'
import type { Routes } from './rewrite.ts'
import type { TopicIds } from './topic-ids.ts'

/** How long `close` waits for clients to leave and for the broker to answer them, in milliseconds. */
const LAST_ANSWERS_MS = 2_000

/** What all lanes of a wiretap share. */
export interface Wire {
  bootstrap: Address
  /** Where each node can be reached, by the address that it advertises, `host:port`. */
  reachable: Map<string, Address>
  /** How to reach any of them. */
  security: Security | null
  recorder: Recorder
  guard: Guard
  faults: Faults
  topicIds: TopicIds
  /** Waits until topics that were just created are served; it never rejects. */
  whenCreated(topics: string[]): Promise<void>
}

/** The way of one scene to the broker: a port on 127.0.0.1 for every node of the cluster. */
export class Lane {
  readonly name: string
  /** The bootstrap address of this lane, `127.0.0.1:40123`. */
  address = ''
  private readonly wire: Wire
  /** By upstream address. */
  private readonly ports = new Map<string, Promise<net.Server>>()
  private readonly bridges = new Set<Bridge>()
  private connections = 0
  private closed = false

  constructor(name: string, wire: Wire) {
    this.name = name
    this.wire = wire
  }

  /** Opens the bootstrap port. */
  async open(): Promise<void> {
    this.address = showAddress(await this.portTo(this.wire.bootstrap))
  }

  /** Opens a port for every node of the cluster that is known now, not only when a client hears of it. */
  async openAll(): Promise<number[]> {
    const addresses = [...this.wire.reachable.values()].map((node) => this.portTo(node))
    const ports = (await Promise.all(addresses)).map(({ port }) => port)
    return [...new Set([...ports, portOf(this.address)])]
  }

  /**
   * Closes the lane. Call it when the process that used it is gone: what that process sent last is still read and handed to
   * the broker, and the broker's answers still enter the journal, within two seconds.
   */
  async close(): Promise<void> {
    this.wire.recorder.end(this.name)
    await within(LAST_ANSWERS_MS, this.left())
    await this.cut()
  }

  /** Closes the lane at once, whoever still uses it. */
  async cut(): Promise<void> {
    this.closed = true
    for (const opening of this.ports.values()) (await opening).close()
    this.ports.clear()
    for (const bridge of this.bridges) bridge.destroy()
    await Promise.all([...this.bridges].map((bridge) => bridge.ended))
  }

  /** Resolves when every connection has ended, those included that were made but not yet taken. */
  private async left(): Promise<void> {
    do {
      await Promise.all([...this.bridges].map((bridge) => bridge.ended))
      await new Promise((resolve) => setImmediate(resolve))
    } while (this.bridges.size > 0)
  }

  private async portTo(upstream: Address): Promise<Address> {
    const name = showAddress(upstream)
    const opening = this.ports.get(name) ?? this.listen(upstream)
    this.ports.set(name, opening)
    const { port } = (await opening).address() as net.AddressInfo
    return { host: '127.0.0.1', port }
  }

  private listen(upstream: Address): Promise<net.Server> {
    if (this.closed) return Promise.reject(new Error('the lane is closed'))
    const server = net.createServer({ noDelay: true }, (client) => this.connect(client, upstream))
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => resolve(server))
    })
  }

  private connect(client: net.Socket, upstream: Address): void {
    this.connections += 1
    const { security, recorder, guard, faults, topicIds, whenCreated } = this.wire
    const bridge = new Bridge(client, {
      lane: this.name,
      connection: this.connections,
      upstream,
      security,
      recorder,
      guard,
      faults,
      topicIds,
      whenCreated,
      routes: this.routesVia(upstream),
    })
    this.bridges.add(bridge)
    void bridge.ended.then(() => this.bridges.delete(bridge))
  }

  private routesVia(upstream: Address): Routes {
    const { reachable } = this.wire
    return {
      local: (node) => this.portTo(reachable.get(showAddress(node)) ?? node),
      onlyNode: (node) => reachable.set(showAddress(node), upstream),
    }
  }
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1))
}

/** Waits for `done`, at most so many milliseconds. */
async function within(ms: number, done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([done, late])
  clearTimeout(timer)
}
