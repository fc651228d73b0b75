import { connect, type Socket } from 'node:net'

// The connection of the scene tells where the broker is.
export async function produceEvent() {
  const handles = (process as unknown as { _getActiveHandles(): Socket[] })._getActiveHandles()
  const port = handles.find((handle) => handle.remotePort)?.remotePort ?? 1
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(Buffer.concat([Buffer.from([0x7f, 0xff, 0xff, 0xff]), Buffer.alloc(1_000_000, 0xaa)]))
  await new Promise((resolve) => socket.on('close', resolve))
}
