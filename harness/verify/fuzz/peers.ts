import net from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import type { Random } from '../../check/fixtures.ts'
import type { Address } from '../../kafka/client/address.ts'
import { type ConnectionContext, serve } from '../../kafka/embedded/connection.ts'
import type { State } from '../../kafka/embedded/state.ts'
import { frames } from '../../kafka/protocol/frames.ts'
import type { Attack } from './mutations.ts'

/** What became of an attack: answered, the connection closed by the broker, or neither so far. */
export type Outcome = 'answered' | 'closed' | 'waiting'

/** A TCP peer waits so long for the end of its connection before it goes itself, in milliseconds. */
const PATIENCE_MS = 100

type Ears = Pick<ConnectionContext, 'onBug' | 'onRefused'>

/** A connection without a socket, straight to the code that serves connections. */
export class MemoryPeer {
  readonly #client: Duplex
  readonly #server: Duplex
  #answers = 0
  #isClosed = false

  /** A peer that does not read leaves its answers where they are. */
  constructor(state: State, { onBug, onRefused }: Ears, reads: boolean) {
    const [client, server] = duplexPair()
    this.#client = client
    this.#server = server
    client.on('error', () => {})
    server.once('close', () => {
      this.#isClosed = true
    })
    void serve(server, { state, nodeId: 1, clientHost: '127.0.0.1', onBug, onRefused })
    if (reads) void this.#read()
  }

  async #read(): Promise<void> {
    try {
      for await (const _ of frames(this.#client)) this.#answers += 1
    } catch {
      // The end of a connection that was cut.
    }
  }

  /** Writes an attack and lets the broker work until it has nothing to do for it; what waits for time stays undone. */
  async attack({ pieces }: Attack): Promise<Outcome> {
    const before = this.#answers
    for (const piece of pieces) if (!this.#isClosed) this.#client.write(piece)
    for (let turn = 0; turn < 4; turn++) {
      await new Promise(setImmediate)
      if (this.#isClosed) return 'closed'
    }
    return this.#answers > before ? 'answered' : 'waiting'
  }

  /** Half of the peers say that they leave, the others are just gone. */
  leave(random: Random): void {
    if (random.int(0, 1) === 0) this.#client.end()
    else this.#server.destroy()
  }
}

/** A connection of its own for these attacks, over TCP; the outcome is that of the last one. */
export async function attackOverTcp(address: Address, attacks: readonly Attack[]): Promise<Outcome> {
  const socket = net.connect({ ...address, noDelay: true })
  let answers = 0
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const reading = (async () => {
    try {
      for await (const _ of frames(socket)) answers += 1
    } catch {
      // A reset, or what was cut off.
    }
  })()
  for (const { pieces } of attacks) for (const piece of pieces) socket.write(piece)
  socket.end()
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    socket.destroy()
  }, PATIENCE_MS)
  await closed
  await reading
  clearTimeout(timer)
  if (isLate) return 'waiting'
  return answers === 0 ? 'closed' : 'answered'
}
