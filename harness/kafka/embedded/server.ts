import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { WorkbookError } from '../../errors.ts'

export interface Listener {
  port: number
  /** Stops listening and cuts all connections. */
  close(): Promise<void>
}

/** Listens on `host:port`, 0 for a free port. Throws WorkbookError when the port is taken or not to be had. */
export async function listen(
  host: string,
  port: number,
  onConnection: (socket: Socket) => void,
): Promise<Listener> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client that resets its connection is no event for the broker; the reader of the socket sees it, too.
    socket.on('error', () => {})
    onConnection(socket)
  })
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
