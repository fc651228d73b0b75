import { createSocket } from 'node:dgram'

const socket = createSocket('udp4')
await new Promise((resolve) => socket.send('a stolen text', Number('@LISTENER@'), '127.0.0.1', resolve))
socket.close()
