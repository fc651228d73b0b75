import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { WorkbookError } from '../../errors.ts'

export interface Listener {
  port: number
  /** Stops listening and cuts all connections. */
  close(): Promise<void>
}

/** How many connections there may be at once: Kafka's `max.connections`, and `max.connections.per.ip`. */
export interface ConnectionLimits {
  inAll: number
  perIp: number
}

/**
 * Listens on `host:port`, 0 for a free port. A connection beyond the limits is closed at once. Kafka does so beyond
 * `max.connections.per.ip`; beyond `max.connections` it does not accept, so that the client waits until another one leaves.
 * Throws WorkbookError when the port is taken or not to be had.
 */
export async function listen(
  host: string,
  port: number,
  limits: ConnectionLimits,
  onConnection: (socket: Socket) => void,
): Promise<Listener> {
  const sockets = new Set<Socket>()
  const countFrom = new Map<string, number>()
  const server = createServer({ noDelay: true }, (socket) => {
    // A client that resets its connection is no event for the broker; the reader of the socket sees it, too.
    socket.on('error', () => {})
    const ip = socket.remoteAddress ?? ''
    const fromHere = countFrom.get(ip) ?? 0
    if (sockets.size >= limits.inAll || fromHere >= limits.perIp) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    countFrom.set(ip, fromHere + 1)
    socket.on('close', () => forget(socket, ip))
    onConnection(socket)
  })

  function forget(socket: Socket, ip: string): void {
    sockets.delete(socket)
    const left = (countFrom.get(ip) ?? 0) - 1
    if (left > 0) countFrom.set(ip, left)
    else countFrom.delete(ip)
  }

  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw listenError(error, host, port)
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function listenError(error: unknown, host: string, port: number): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined) return error
  return code === 'EADDRINUSE'
    ? new WorkbookError(
        `Port ${port} on ${host} is taken.`,
        'Stop the other program, or choose another port.',
      )
    : new WorkbookError(
        `Nobody can listen on port ${port} of ${host} here: ${message}`,
        'Choose an address of this machine.',
      )
}
