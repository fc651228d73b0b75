import { connect } from 'node:net'

await new Promise((resolve) => {
  const socket = connect(Number('@LISTENER@'), '127.0.0.1', () => socket.end('a stolen text'))
  socket.on('close', resolve).on('error', () => {})
})
