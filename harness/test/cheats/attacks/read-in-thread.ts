import { Worker } from 'node:worker_threads'

// Node's permission model does not reach into threads.
const code = `console.log(require('node:fs').readFileSync('@SOLUTION@', 'utf8'))`
const worker = new Worker(code, { eval: true })
await new Promise((resolve) => worker.on('exit', resolve))
