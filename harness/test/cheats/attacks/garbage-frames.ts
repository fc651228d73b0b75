import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export async function produceEvent() {
  const handles = (process as unknown as { _getActiveHandles(): Socket[] })._getActiveHandles()
  const port = handles.find((handle) => handle.remotePort)?.remotePort ?? 1
  const sockets = Array.from({ length: 300 }, () => connect(port, '127.0.0.1'))
  const closed = sockets.map((socket) => {
    socket.on('error', () => {})
    const body = randomBytes(64)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    socket.end(Buffer.concat([length, body]))
    return new Promise((resolve) => socket.on('close', resolve))
  })
  await Promise.all(closed)
}
