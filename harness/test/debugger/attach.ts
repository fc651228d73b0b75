import { fileURLToPath } from 'node:url'
import { type Target, TargetGone } from './cdp.ts'
import { matchesGlobs } from './launch-config.ts'
import { MappedScript, type SourceLine } from './mapped-script.ts'

/** What all targets of one debugged program share. */
export interface DebugSession {
  /** Null once the learner has taken it away. */
  breakpoint: SourceLine | null
  /** Globs from the entry of launch.json. */
  resolveSourceMapLocations: string[]
  pauseForSourceMap: boolean
  onStop(stop: Stop): void
  onFailure(error: unknown): void
}

/** Standing at the breakpoint. */
export interface Stop extends SourceLine {
  /** The script that runs. */
  scriptFile: string
  /** Names of the local variables. */
  locals: string[]
  /** The value of an expression at this place, as plain data. */
  evaluate(expression: string): Promise<unknown>
  resume(): Promise<void>
}

export interface Attachment {
  removeBreakpoints(): Promise<void>
}

/**
 * Attaches to a process or a thread that waits for the debugger, and lets it run. With `pauseForSourceMap` it stops
 * before every script that has a source map, long enough to look for the breakpoint there: bundles of answers are made
 * while the program runs, so nothing can be known about them in advance.
 */
export function attach(target: Target, session: DebugSession): Attachment {
  const scripts = new Map<string, Script>()
  const breakpointIds: string[] = []

  target.on<Script>('Debugger.scriptParsed', (script) => scripts.set(script.scriptId, script))
  target.on<Paused>('Debugger.paused', (paused) => unlessGone(handle(paused)).catch(session.onFailure))
  unlessGone(prepare(target, session.pauseForSourceMap)).catch(session.onFailure)

  async function handle({ reason, data, callFrames: [frame] }: Paused): Promise<void> {
    if (reason === 'instrumentation' && data) await bind(data)
    // A thread also stops where it starts; without "stopOnEntry" nobody wants to see that.
    if (reason === 'instrumentation' || reason === 'Break on start') await target.send('Debugger.resume')
    else if (frame) session.onStop(await stopAt(frame))
  }

  async function bind(script: Script): Promise<void> {
    const position = session.breakpoint && open(script)?.positionOf(session.breakpoint)
    if (!position) return
    const location = { scriptId: script.scriptId, ...position }
    const { breakpointId } = await target.send<{ breakpointId: string }>('Debugger.setBreakpoint', {
      location,
    })
    breakpointIds.push(breakpointId)
  }

  function open({ url, sourceMapURL }: Script): MappedScript | null {
    if (!url.startsWith('file:') || sourceMapURL === '' || sourceMapURL.startsWith('data:')) return null
    const mapFile = fileURLToPath(new URL(sourceMapURL, url))
    return matchesGlobs(mapFile, session.resolveSourceMapLocations) ? new MappedScript(url, mapFile) : null
  }

  async function stopAt(frame: CallFrame): Promise<Stop> {
    const script = scripts.get(frame.location.scriptId)
    const source = script && open(script)?.sourceOf(frame.location)
    if (!source) throw new Error(`Stopped where there is no source: ${script?.url}`)
    return {
      ...source,
      scriptFile: fileURLToPath(script.url),
      locals: await localsOf(target, frame),
      evaluate: (expression) => evaluate(target, frame, expression),
      resume: () => unlessGone(target.send('Debugger.resume')),
    }
  }

  return {
    async removeBreakpoints() {
      const ids = breakpointIds.splice(0)
      await Promise.all(
        ids.map((breakpointId) => unlessGone(target.send('Debugger.removeBreakpoint', { breakpointId }))),
      )
    },
  }
}

interface Script {
  scriptId: string
  url: string
  sourceMapURL: string
}

interface CallFrame {
  callFrameId: string
  location: { scriptId: string; lineNumber: number; columnNumber: number }
  scopeChain: { type: string; object: { objectId: string } }[]
}

interface Paused {
  reason: string
  callFrames: CallFrame[]
  /** For `instrumentation`: the script that is about to run. */
  data?: Script
}

/** In this order: nothing runs before the debugger is ready for it. */
async function prepare(target: Target, pauseForSourceMap: boolean): Promise<void> {
  await target.send('Runtime.enable')
  await target.send('Debugger.enable')
  if (pauseForSourceMap) {
    const instrumentation = 'beforeScriptWithSourceMapExecution'
    await target.send('Debugger.setInstrumentationBreakpoint', { instrumentation })
  }
  await target.send('Runtime.runIfWaitingForDebugger')
}

/** Processes end while they are spoken to. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch((error) => {
    if (!(error instanceof TargetGone)) throw error
  })
}

async function localsOf(target: Target, { scopeChain }: CallFrame): Promise<string[]> {
  const scopes = scopeChain.filter(({ type }) => type === 'local' || type === 'block')
  const names = scopes.map(async ({ object }) => {
    const wanted = { objectId: object.objectId, ownProperties: true }
    const { result } = await target.send<{ result: { name: string }[] }>('Runtime.getProperties', wanted)
    return result.map(({ name }) => name)
  })
  return (await Promise.all(names)).flat()
}

async function evaluate(target: Target, { callFrameId }: CallFrame, expression: string): Promise<unknown> {
  const { result } = await target.send<{ result: { value?: unknown } }>('Debugger.evaluateOnCallFrame', {
    callFrameId,
    expression,
    returnByValue: true,
  })
  return result.value
}
