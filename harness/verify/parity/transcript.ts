import type { Normalise } from './normalise.ts'

/** One request and what came back; or a fact that a sequence notes. */
export interface Step {
  /** `Produce v3`, or the words of a note. */
  request: string
  /** Plain JSON, with ids, times and ports replaced. */
  answer: unknown
}

/** What a sequence may still add to an open step. */
export interface OpenStep {
  /** Fills in the answer, as it was decoded. */
  close(answer: unknown): void
}

/**
 * The steps of one sequence, in the order in which its requests were sent. An answer may come late: it is normalised
 * when all before it are there, so that ids get their tokens in the same order on every run.
 */
export class Transcript {
  readonly steps: Step[] = []
  readonly #normalise: Normalise
  readonly #onStep: (step: Step, index: number) => void
  readonly #open: { request: string; answer?: { value: unknown } }[] = []

  constructor(normalise: Normalise, onStep: (step: Step, index: number) => void) {
    this.#normalise = normalise
    this.#onStep = onStep
  }

  open(request: string): OpenStep {
    const step: { request: string; answer?: { value: unknown } } = { request }
    this.#open.push(step)
    return {
      close: (value) => {
        step.answer ??= { value }
        this.#settle()
      },
    }
  }

  /** Ends the transcript: what is still open has got no answer. */
  finish(): void {
    for (const step of this.#open) step.answer ??= { value: 'no answer' }
    this.#settle()
  }

  #settle(): void {
    for (let next = this.#open[0]; next?.answer; next = this.#open[0]) {
      this.#open.shift()
      const step = { request: next.request, answer: this.#normalise(next.answer.value, apiOf(next.request)) }
      this.steps.push(step)
      this.#onStep(step, this.steps.length - 1)
    }
  }
}

/** The name of the API in `Produce v3`. */
function apiOf(request: string): string {
  return request.replace(/ v\d+$/, '')
}
