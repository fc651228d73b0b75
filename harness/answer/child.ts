import { url as inspectorUrl } from 'node:inspector'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import { pathToFileURL } from 'node:url'
import { deserialize, serialize } from 'node:v8'
import { isMainThread } from 'node:worker_threads'
import { noteExits } from './child-exit.ts'
import { COMMAND_FD, type Command, type RunCommand } from './child-messages.ts'
import { reportOutput, silenceTimeoutWarning } from './child-output.ts'
import { openStage } from './child-stage.ts'
import { FRAME_LIMIT_BYTES, readFrames } from './frames.ts'
import type { CallOutcome, ThrownError } from './messages.ts'
import { type OwnFiles, placeInStack } from './place.ts'
import { reportTo, type Send } from './report.ts'
import { SpawnedScenes } from './spawned.ts'
import { toThrownError } from './thrown-error.ts'
import { startWatchdog, watch } from './watchdog.ts'

/**
 * The process that runs answers: entry point `child.mjs`, started by the keeper and by nobody else. It waits for a
 * task, imports the bundle, runs it, and reports. It never ends a task by itself: the keeper ends the process.
 */

type Exports = Record<string, unknown>

const INSPECTOR_SAMPLE_MS = 200
/** How long the sockets and timers of a scene that has returned may take to end. */
const CLEAR_MS = 50
/** Faults of a `calls` task with a full stack trace; mapping ten thousand of them would take seconds. */
const FULL_ERRORS = 20

// Kept before any answer is loaded.
const nextTurn = setImmediate
const setLater = setTimeout
const endProcess = (process as unknown as { reallyExit(code: number): never }).reallyExit.bind(process)

if (isMainThread) serve()
else watch()

function serve(): void {
  let send: Send
  let files: OwnFiles = { answerFile: '', scenesFile: null }
  let load: () => typeof import('kafkajs')
  let guard: () => void
  let tasks = 0
  let spoiled = false
  const spawned = new SpawnedScenes((report) => send(report))
  const pauses = new Map<number, { resolve(): void; reject(error: Error): void }>()
  const placeIn = (stack: string) => placeInStack(stack, files)

  const greet = (hello: Extract<Command, { kind: 'hello' }>) => {
    const seal = Buffer.from(hello.seal)
    send = reportTo(seal)
    load = () => createRequire(hello.kafkajs)(hello.kafkajs)
    reportOutput(send, placeIn)
    silenceTimeoutWarning()
    noteExits((stack) => {
      const at = placeIn(stack)
      send({ kind: 'exiting', ...(at && { at }) })
    })
    // Unhandled rejections come here, too (--unhandled-rejections=strict).
    process.on('uncaughtException', (error) => {
      spoiled = true
      send({ kind: 'threw', thrown: toThrownError(error, files) })
    })
    reportInspector(send)
    guard = once(() => hello.watchdog && startWatchdog(import.meta.url, seal))
    send({ kind: 'ready' })
  }

  const pauseAt = (label: string, detail?: unknown): Promise<void> => {
    const number = pauses.size + 1
    return new Promise((resolve, reject) => {
      const packed = pack(detail, 'what pauseAt was given')
      if ('thrown' in packed) throw new TypeError(packed.thrown.message)
      pauses.set(number, { resolve, reject })
      send({ kind: 'pause', number, label: String(label), detail: packed.value })
    })
  }

  const run = async (command: RunCommand) => {
    const { task } = command
    const before = liveResources()
    tasks += 1
    files = command
    // Not before: it costs as much as half a process, and most spares wait for the one before them. With a debugger
    // at work nothing is limited, and it should have one thread to look at.
    if (!inspectorUrl()) guard()
    try {
      const exports = (await import(moduleOf(command.file, tasks))) as {
        scenes?: Exports
        answer: Exports
      }
      const value =
        task.kind === 'calls'
          ? await callAll(functionOf(exports.answer, task.name), deserialize(task.argumentLists), files)
          : await functionOf(
              exports.scenes,
              task.name,
            )(
              openStage(
                load(),
                { ...task, data: task.stage, given: deserialize(task.given), logKafka: command.logKafka },
                { pauseAt, spawn: (scene, given) => spawned.spawn(scene, given) },
              ),
            )
      // One more turn, so that a rejection that nobody awaited is heard before the result.
      await new Promise((resolve) => nextTurn(resolve))
      const packed =
        task.kind === 'calls' ? packCalls(value as CallOutcome[]) : pack(value, `what ${task.name} returned`)
      send(
        'thrown' in packed
          ? { kind: 'threw', thrown: packed.thrown }
          : { kind: 'returned', value: packed.value },
      )
    } catch (error) {
      send({ kind: 'threw', thrown: toThrownError(error, files) })
    }
    if (!spoiled && (await cleared(before))) send({ kind: 'clean' })
  }

  const obey = (command: Command) => {
    if (command.kind === 'hello') return greet(command)
    if (command.kind === 'warm') return void load()
    if (command.kind === 'run') return void run(command)
    if (command.kind === 'spawned paused' || command.kind === 'spawned ended') return spawned.hear(command)
    const pause = pauses.get(command.number)
    if (command.kind === 'go') pause?.resolve()
    else pause?.reject(new Error(command.message))
  }

  const commands = new Socket({ fd: COMMAND_FD, writable: false })
  readFrames(commands, { onMessage: (message) => obey(message as Command), onBroken: () => endProcess(1) })
  // The keeper is gone, and nobody would hear of anything that happens here.
  commands.on('close', () => endProcess(1))
}

/** Another query is another instance of the module: what an answer keeps in its variables does not outlive a task. */
function moduleOf(file: string, task: number): string {
  return `${pathToFileURL(file).href}?task=${task}`
}

function once(act: () => unknown): () => void {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}

/** What keeps this process alive, by kind: sockets, timers, child processes. Between tasks it is always the same. */
function liveResources(): string {
  return process.getActiveResourcesInfo().sort().join()
}

/** True once nothing is alive that was not alive before; false when that takes too long. */
async function cleared(before: string): Promise<boolean> {
  const givenUp = performance.now() + CLEAR_MS
  while (liveResources() !== before) {
    if (performance.now() > givenUp) return false
    // Unref'd, so that it is not counted itself.
    await new Promise<void>((resolve) => void setLater(resolve, 2).unref())
  }
  return true
}

/** Tells the keeper when a debugger comes or goes: it suspends the deadline. */
function reportInspector(send: Send): void {
  let open = false
  const sample = () => {
    if ((inspectorUrl() !== undefined) === open) return
    open = !open
    send({ kind: 'inspector', open })
  }
  sample()
  setInterval(sample, INSPECTOR_SAMPLE_MS).unref()
}

function functionOf(exports: Exports | undefined, name: string): (...args: unknown[]) => unknown {
  const found = exports?.[name]
  if (typeof found !== 'function') throw new TypeError(`there is no exported function "${name}"`)
  return found as (...args: unknown[]) => unknown
}

async function callAll(
  call: (...args: unknown[]) => unknown,
  argumentLists: unknown[][],
  files: OwnFiles,
): Promise<CallOutcome[]> {
  const outcomes: CallOutcome[] = []
  let thrownCount = 0
  for (const args of argumentLists) {
    try {
      outcomes.push({ value: await call(...unshared(args)) })
    } catch (error) {
      thrownCount += 1
      outcomes.push({ thrown: toThrownError(error, thrownCount > FULL_ERRORS ? null : files) })
    }
  }
  return outcomes
}

/** An object may stand in many lists. An answer that changes what it is given must not change what the next call gets. */
function unshared(args: unknown[]): unknown[] {
  const isPlain = args.every((one) => typeof one !== 'object' || one === null)
  return isPlain ? args : deserialize(serialize(args))
}

type Packed = { value: Uint8Array } | { thrown: ThrownError }

/** A value as bytes. Functions, kafkajs clients and other things that live in this process cannot be copied out of it. */
function pack(value: unknown, what: string): Packed {
  const refuse = (message: string): Packed => ({ thrown: { name: 'TypeError', message, stack: '' } })
  try {
    const bytes = serialize(value)
    // Some room for the frame around it.
    if (bytes.length < FRAME_LIMIT_BYTES - 1024) return { value: bytes }
    return refuse(`${what} is too large to copy: ${bytes.length} bytes`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'no reason given'
    return refuse(`${what} cannot be copied: return plain data (${reason})`)
  }
}

/** Only the calls whose value cannot be copied become errors. */
function packCalls(outcomes: CallOutcome[]): Packed {
  const whole = pack(outcomes, 'what the calls returned')
  if ('value' in whole) return whole
  const each = outcomes.map((outcome): CallOutcome => {
    const packed = pack(outcome, 'the returned value')
    return 'thrown' in packed ? packed : outcome
  })
  return pack(each, 'what the calls returned')
}
