import { writeSync } from 'node:fs'

writeSync(5, Buffer.alloc(100_000, 255))
