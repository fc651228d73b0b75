import { writeSync } from 'node:fs'
import { serialize } from 'node:v8'

// A report in the right form, on the right descriptor, without the seal.
const body = serialize({ kind: 'returned', value: serialize([{ value: 'passed' }]) })
const frame = Buffer.alloc(20 + body.length)
frame.writeUInt32BE(16 + body.length)
body.copy(frame, 20)
writeSync(4, frame)
