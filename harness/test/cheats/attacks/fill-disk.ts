import { appendFileSync } from 'node:fs'

for (let megabytes = 0; megabytes < 100; megabytes++)
  appendFileSync('@TARGET@/large', Buffer.alloc(1_000_000))
