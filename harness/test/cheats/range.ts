import { type ChildProcess, fork } from 'node:child_process'
import type { Confinement } from '../../answer/confine.ts'
import type { SessionOptions } from '../../run/session.ts'
import type { Attack } from './attacks.ts'
import type { Judged, Submission } from './grader.ts'
import { type Damage, openGround, SECRET } from './ground.ts'

/** What one attack came to in one mode. */
export interface Outcome {
  attack: string
  mode: Confinement
  /** `dead` when the grader did not survive it, or never answered. */
  verdict: string
  passed: number
  checks: number
  damage: Damage[]
  durationMs: number
}

export interface RangeOptions {
  /** The workbook, and its harness as it is built. */
  root: string
  built: string
  /** The program of `grader.ts`. */
  graderFile: string
  attacks: Attack[]
}

/** A grader that has not answered by then never will, on a machine however busy. */
const PATIENCE_MS = 90_000
/** For the attack that makes the grader wait for ever by design: in learn mode, a debugger suspends deadlines. */
const KNOWN_HANG_MS = 10_000
/** An attack that comes late comes within this time. */
const LATE_MS = 3_000

const DEAD: Judged = { verdict: 'dead', passed: 0, checks: 0, text: '', touched: false }

/**
 * Judges attacks in one mode, one after the other, and looks what else it did. The right answer comes first and last: it must pass, or nothing
 * that the others say counts. Throws an Error when it does not.
 */
export async function tryAttacks(mode: Confinement, options: RangeOptions): Promise<Outcome[]> {
  const { root, built, attacks } = options
  const ground = await openGround(root, mode)
  const session = { root: ground.workbook, built, confinement: mode, seed: 4181 }
  const grader = new Grader(options.graderFile, session, (place) => {
    ground.broker = place
  })
  const outcomes: Outcome[] = []
  const judgeSolution = async () => {
    const { verdict, text } = await grader.judge({ exercise: '05', file: ground.submitSolution() })
    if (verdict !== 'passed') throw new Error(`${mode}: the right answer is ${verdict}: ${text}`)
  }
  try {
    await judgeSolution()
    ground.damage('')
    for (const attack of attacks) {
      await grader.ready()
      const startedAt = performance.now()
      const submission = { exercise: attack.exercise, file: ground.submit(attack) }
      const judged = await grader.judge(submission, patience(attack, mode))
      if (isLate(attack)) await until(ground.written, LATE_MS)
      const damage = new Set(ground.damage(judged.text))
      if (judged.touched) damage.add('touched another')
      const { verdict, passed, checks } = judged
      outcomes.push({
        attack: attack.name,
        mode,
        verdict,
        passed,
        checks,
        damage: [...damage],
        durationMs: Math.round(performance.now() - startedAt),
      })
    }
    await judgeSolution()
  } finally {
    await grader.close()
    ground.close()
  }
  return outcomes
}

function patience({ name }: Attack, mode: Confinement): number {
  return name === 'open-inspector' && mode === 'learn' ? KNOWN_HANG_MS : PATIENCE_MS
}

function isLate({ name }: Attack): boolean {
  return name === 'outlive' || name === 'send-out-by-datagram'
}

/** The process that judges; after one that died comes another. */
class Grader {
  private readonly file: string
  private readonly options: SessionOptions
  private readonly onPlace: (place: { broker: string; topic: string }) => void
  private started: Promise<ChildProcess> | null = null

  constructor(
    file: string,
    options: SessionOptions,
    onPlace: (place: { broker: string; topic: string }) => void,
  ) {
    this.file = file
    this.options = options
    this.onPlace = onPlace
  }

  /** Resolves when it can judge. */
  async ready(): Promise<ChildProcess> {
    this.started ??= this.start()
    return this.started
  }

  async judge(submission: Submission, patienceMs = PATIENCE_MS): Promise<Judged> {
    const child = await this.ready()
    const answer = next<Judged>(child, patienceMs)
    child.send(submission)
    const judged = await answer
    if (judged) return judged
    child.kill('SIGKILL')
    this.started = null
    return DEAD
  }

  async close(): Promise<void> {
    const child = await this.started
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.disconnect()
    await gone
  }

  private async start(): Promise<ChildProcess> {
    const child = fork(this.file, [JSON.stringify(this.options)], {
      env: { ...process.env, GRADER_TOKEN: SECRET },
      execArgv: [],
    })
    const place = await next<{ broker: string; topic: string }>(child, PATIENCE_MS)
    if (!place) {
      child.kill('SIGKILL')
      this.started = null
      throw new Error('The grader does not come up.')
    }
    this.onPlace(place)
    return child
  }
}

/** The next message; null when the process ends before it, or takes too long. */
function next<T>(child: ChildProcess, patienceMs: number): Promise<T | null> {
  return new Promise((resolve) => {
    const over = (message: T | null) => {
      clearTimeout(timer)
      child.off('message', onMessage).off('exit', onExit)
      resolve(message)
    }
    const onMessage = (message: unknown) => over(message as T)
    const onExit = () => over(null)
    const timer = setTimeout(onExit, patienceMs)
    child.once('message', onMessage).once('exit', onExit)
  })
}

/** Resolves when something holds, or the time is over. */
async function until(holds: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms
  while (!holds() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
}
