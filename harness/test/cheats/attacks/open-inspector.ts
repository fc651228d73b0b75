import { open } from 'node:inspector'

// A debugger suspends the deadlines.
open(0, '127.0.0.1')
export async function produceEvent(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 1000))
}
