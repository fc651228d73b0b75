import WebSocket from 'ws'

/** The process or thread has gone, and an answer will not come. */
export class TargetGone extends Error {
  override name = 'TargetGone'
}

interface Message {
  /** Missing in an event. */
  id?: number
  method: string
  params?: unknown
  result?: unknown
  error?: { message: string }
}

/**
 * Something that speaks the Chrome DevTools Protocol: a process, or a thread in one.
 * https://chromedevtools.github.io/devtools-protocol/v8/
 */
export class Target {
  private readonly write: (message: string) => void
  private readonly waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  private readonly listeners = new Map<string, (params: unknown) => void>()
  private lastId = 0
  private gone = false

  constructor(write: (message: string) => void) {
    this.write = write
  }

  /** Rejects with what the target says is wrong, or with TargetGone. */
  send<R = unknown>(method: string, params: object = {}): Promise<R> {
    if (this.gone) return Promise.reject(new TargetGone(method))
    this.lastId += 1
    const id = this.lastId
    const answer = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }))
    this.write(JSON.stringify({ id, method, params }))
    return answer as Promise<R>
  }

  /** One listener for each event. */
  on<E>(event: string, listener: (params: E) => void): void {
    this.listeners.set(event, listener as (params: unknown) => void)
  }

  /** Takes one message from the target. */
  hear(text: string): void {
    const { id, method, params, result, error } = JSON.parse(text) as Message
    if (id === undefined) {
      this.listeners.get(method)?.(params)
      return
    }
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    if (error) waiting?.reject(new Error(error.message))
    else waiting?.resolve(result)
  }

  lose(): void {
    this.gone = true
    for (const { reject } of this.waiting.values()) reject(new TargetGone('The connection was closed'))
    this.waiting.clear()
  }
}

export interface Connection {
  close(): void
}

/**
 * Connects to the inspector of a process. `onTarget` gets the process, and every thread that it starts before the
 * thread runs. Lets go of the process when its code has ended: Node waits for that before it exits. Resolves with null
 * when the process has gone already.
 */
export async function connect(url: string, onTarget: (target: Target) => void): Promise<Connection | null> {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const open = await new Promise((resolve) => {
    socket.on('open', () => resolve(true))
    socket.on('error', () => resolve(false))
  })
  if (!open) return null
  const process = new Target((message) => socket.send(message))
  const threads = listenToThreads(process, onTarget)
  socket.on('message', (data) => process.hear(String(data)))
  socket.on('close', () => {
    for (const target of [process, ...threads.values()]) target.lose()
  })
  let mainContext = 0
  process.on<{ context: { id: number; auxData?: { isDefault?: boolean } } }>(
    'Runtime.executionContextCreated',
    ({ context }) => {
      if (context.auxData?.isDefault) mainContext = context.id
    },
  )
  process.on<{ executionContextId: number }>(
    'Runtime.executionContextDestroyed',
    ({ executionContextId }) => {
      if (executionContextId === mainContext) socket.close()
    },
  )
  // The answer does not matter, only that it is asked before the process runs.
  process.send('NodeWorker.enable', { waitForDebuggerOnStart: true }).catch(() => {})
  onTarget(process)
  return { close: () => socket.close() }
}

/** Threads have no connection of their own: their messages travel inside those of the process, by session. */
function listenToThreads(process: Target, onTarget: (target: Target) => void): Map<string, Target> {
  const threads = new Map<string, Target>()
  process.on<{ sessionId: string }>('NodeWorker.attachedToWorker', ({ sessionId }) => {
    const thread = new Target((message) => {
      process.send('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => thread.lose())
    })
    threads.set(sessionId, thread)
    onTarget(thread)
  })
  process.on<{ sessionId: string; message: string }>(
    'NodeWorker.receivedMessageFromWorker',
    ({ sessionId, message }) => threads.get(sessionId)?.hear(message),
  )
  process.on<{ sessionId: string }>('NodeWorker.detachedFromWorker', ({ sessionId }) => {
    threads.get(sessionId)?.lose()
    threads.delete(sessionId)
  })
  return threads
}
