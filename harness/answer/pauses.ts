/** A moment at which a scene stands still because somebody asked for it. */
export interface Pause {
  label: string
  /** What the scene handed over at this moment. */
  detail: unknown
  /** Lets the scene go on. */
  go(): void
  /** Makes the scene's `pauseAt` reject with an Error of this message. */
  throw(message: string): void
}

/** A scene that stands at a pause waits for one of these. */
export interface Steering {
  go(pauseNumber: number): void
  throwAt(pauseNumber: number, message: string): void
}

interface Asked {
  resolve(pause: Pause): void
  reject(error: Error): void
}

type Arrival = { label: string; number: number; detail: unknown }

/** Which arrivals at which labels somebody wants to hold. Arrivals nobody asked for pass straight on. */
export class Pauses {
  private readonly asked = new Map<string, Map<number, Asked>>()
  private readonly arrivals = new Map<string, number>()
  private over: ((label: string) => Error) | null = null

  /** Holds the `nth` arrival at `label`; without `nth`, the next one that is not asked for yet. */
  ask(label: string, nth?: number): Promise<Pause> {
    const waiting = this.asked.get(label) ?? new Map<number, Asked>()
    this.asked.set(label, waiting)
    const number = nth ?? Math.max(this.arrivals.get(label) ?? 0, ...waiting.keys()) + 1
    const promise = new Promise<Pause>((resolve, reject) => {
      if (this.over) reject(this.over(label))
      else waiting.set(number, { resolve, reject })
    })
    // A check that never looks at this pause must not bring down the worker when the scene is over first.
    promise.catch(() => {})
    return promise
  }

  arrive(scene: Steering, arrival: Arrival): void {
    const { label, number, detail } = arrival
    const count = (this.arrivals.get(label) ?? 0) + 1
    this.arrivals.set(label, count)
    const asked = this.asked.get(label)?.get(count)
    if (!asked) {
      scene.go(number)
      return
    }
    this.asked.get(label)?.delete(count)
    asked.resolve({
      label,
      detail,
      go: () => scene.go(number),
      throw: (message) => scene.throwAt(number, message),
    })
  }

  /** The scene is over: whoever still waits for an arrival gets the error that `reason` makes. */
  end(reason: (label: string) => Error): void {
    for (const [label, waiting] of this.asked) {
      for (const asked of waiting.values()) asked.reject(reason(label))
    }
    this.asked.clear()
    this.over = reason
  }
}
