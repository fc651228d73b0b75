import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { serialize } from 'node:v8'
import { WorkbookError } from '../errors.ts'
import type { ChildTask } from './child-messages.ts'
import { ClientTask } from './client-task.ts'
import { encodeFrame, readFrames } from './frames.ts'
import type { KeeperAddress, KeeperClient } from './keeper-client.ts'
import type { Notice, Request } from './keeper-messages.ts'
import type { Task } from './messages.ts'

/** A keeper needs about 0.1 s to start; a slow and busy machine gets this long. */
const CONNECT_MS = 15_000
const RETRY_MS = 10
/** A keeper that has not answered so many pings in a row is stopped for good. */
const PING_MS = 1000
const MOST_MISSED = 8

/**
 * Connects to a keeper; it may still be starting. When the keeper is lost, the tasks that run end as `keeper lost`,
 * and the next task goes to the keeper that `startKeeper` has started in its place.
 * Rejects with a WorkbookError when no keeper answers within 15 seconds.
 */
export async function connectKeeper(keeper: KeeperAddress): Promise<KeeperClient> {
  const tasks = new Map<number, ClientTask>()
  let lastTask = 0
  let closed = false
  let pid = 0
  /** Pings in a row that were not answered. */
  let missed = 0
  let socket = await dial(keeper, hear, lose)
  let dialling: Promise<void> | null = null
  // An answer can stop its parent without ending it; then no deadline is kept, and nothing would ever come back.
  const pulse = setInterval(() => {
    if (tasks.size === 0 || socket.destroyed) return
    missed += 1
    if (missed > MOST_MISSED) return endProcess(pid)
    send({ kind: 'ping' })
  }, PING_MS).unref()

  function hear(notice: Notice): void {
    missed = 0
    if (notice.kind === 'pong') return
    if (notice.kind === 'welcome') {
      pid = notice.pid
      return
    }
    tasks.get(notice.task)?.hear(notice)
    if (notice.kind === 'ended') tasks.delete(notice.task)
  }

  function lose(): void {
    for (const task of tasks.values()) task.end(closed ? { kind: 'killed' } : { kind: 'keeper lost' })
    tasks.clear()
  }

  /** Resolves when the keeper, perhaps a new one, can be spoken to. */
  function connected(): Promise<void> | null {
    if (!socket.destroyed || closed) return null
    dialling ??= dial(keeper, hear, lose)
      .then((opened) => {
        socket = opened
      })
      .finally(() => {
        dialling = null
      })
    return dialling
  }

  function send(request: Request): void {
    if (!socket.destroyed) socket.write(encodeFrame(request))
  }

  return {
    prepare(code) {
      if (!socket.destroyed) return send({ kind: 'prepare', code })
      connected()?.then(
        () => send({ kind: 'prepare', code }),
        () => {},
      )
    },

    run(code, what, options) {
      lastTask += 1
      const number = lastTask
      const task = new ClientTask(number, send, options.inheritOutput ?? false)
      const request = encodeFrame({
        kind: 'run',
        task: number,
        code,
        what: packed(what),
        options,
      } satisfies Request)
      const start = () => {
        tasks.set(number, task)
        socket.write(request)
      }
      const waiting = connected()
      if (waiting) waiting.then(start, (error: Error) => task.end({ kind: 'not run', reason: error.message }))
      else start()
      return task
    },

    async close() {
      closed = true
      clearInterval(pulse)
      if (socket.destroyed) return
      const gone = new Promise((resolve) => socket.once('close', resolve))
      socket.end()
      await gone
    },
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already; its socket says so.
  }
}

/** What a check hands over stays serialized until the child unpacks it. Throws V8's DataCloneError for a function and the like. */
function packed(task: Task): ChildTask {
  return task.kind === 'scene'
    ? { ...task, given: serialize(task.given) }
    : { ...task, argumentLists: serialize(task.argumentLists) }
}

/** Tries until a keeper answers. */
async function dial(
  keeper: KeeperAddress,
  onNotice: (notice: Notice) => void,
  onLost: () => void,
): Promise<Socket> {
  const patience = performance.now() + CONNECT_MS
  while (performance.now() < patience) {
    const socket = await greet(keeper, onNotice)
    if (socket) return socket.on('close', onLost)
    await pause(RETRY_MS)
  }
  throw new WorkbookError(
    'The process that runs answers does not come up.',
    'Try again when the machine is less busy; if it said why, that stands above this line.',
  )
}

/** One attempt: the connection when the keeper has welcomed us, else null. */
function greet(keeper: KeeperAddress, onNotice: (notice: Notice) => void): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(keeper.address)
    const onMessage = (message: unknown) => {
      resolve(socket)
      onNotice(message as Notice)
    }
    readFrames(socket, { onMessage, onBroken: () => socket.destroy() })
    socket.on('error', () => {})
    socket.on('close', () => resolve(null))
    socket.write(encodeFrame({ kind: 'hello', token: keeper.token } satisfies Request))
  })
}
