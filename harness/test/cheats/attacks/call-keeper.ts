import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { serialize } from 'node:v8'

// Its socket lies two folders above; the token is missing.
const folder = path.resolve('../..')
if (readdirSync(folder).includes('keeper')) {
  const hello = serialize({ kind: 'hello', token: '' })
  const length = Buffer.alloc(4)
  length.writeUInt32BE(hello.length)
  const socket = connect(path.join(folder, 'keeper'))
  socket.on('error', () => {})
  socket.write(Buffer.concat([length, hello]))
  await new Promise((resolve) => socket.on('close', resolve))
}
