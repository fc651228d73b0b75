/** The part of `ws` that the tests use; the package ships no types. Node has a WebSocket of its own from version 22 on. */
declare module 'ws' {
  import type { EventEmitter } from 'node:events'

  export default class WebSocket extends EventEmitter {
    constructor(url: string, options?: { perMessageDeflate?: boolean })
    send(text: string): void
    close(): void
  }
}
