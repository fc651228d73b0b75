import { type Clock, systemClock } from './clock.ts'
import { closableClock } from './closable-clock.ts'
import type { Settings } from './config-definition.ts'
import { serve } from './connection.ts'
import { listen } from './server.ts'
import { createState, NODE_ID, type State } from './state.ts'

export interface EmbeddedBroker {
  /** `127.0.0.1:41234` */
  bootstrap: string
  /** For tests: what the broker remembers. */
  state: State
  /** Ends the listener, all connections and all timers. */
  close(): Promise<void>
}

export interface EmbeddedOptions {
  /** 0, the default, takes a free port. */
  port?: number
  host?: string
  clock?: Clock
  /** Broker settings by Kafka's property names. */
  settings?: Settings
  /** Hears of errors in the broker itself; they go to standard error by default. */
  onFault?: (error: unknown) => void
}

/**
 * Starts a Kafka-compatible broker of one node in this process; it keeps everything in memory. Throws WorkbookError when the
 * port is taken, and an Error on a setting that it does not have.
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedBroker> {
  const { port = 0, host = '127.0.0.1', settings = {}, onFault = reportFault } = options
  const clock = closableClock(options.clock ?? systemClock)
  const state = createState({ clock, settings })
  const listener = await listen(host, port, (socket) => {
    const clientHost = socket.remoteAddress ?? host
    void serve(socket, { state, nodeId: NODE_ID, clientHost, onFault })
  })
  state.nodes.push({ id: NODE_ID, host, port: listener.port })
  return {
    bootstrap: `${host}:${listener.port}`,
    state,
    async close() {
      await listener.close()
      clock.close()
    },
  }
}

function reportFault(error: unknown): void {
  console.error('The embedded broker failed to serve a request:', error)
}
