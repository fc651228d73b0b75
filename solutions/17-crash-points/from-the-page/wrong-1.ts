// From the page alone. First verdict: failed, idempotence-outlives-process: the process died after the event was
// stored, its next life sent the event once more, and the broker was to see that they are the same.
// Wrong: the idempotent producer is taken to recognise the event itself, so that a producer started anew would not store it twice.
import type { BookEvent } from '#bookstore'

export type Trouble = 'request-lost' | 'answer-lost' | 'leader-lost' | 'producer-restarted'

export interface DeliveryPlan {
  events: string[]
  producer: { acks: 0 | 1 | 'all'; retries: number; idempotent: boolean }
  trouble: Record<string, Trouble[]>
  consumer: { commit: 'before-work' | 'after-work'; batch: number }
  crashes: number[]
}

export interface Outcome {
  lost: string[]
  duplicated: string[]
}

export interface Store {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  transaction<T>(work: () => Promise<T>): Promise<T>
}

export type Handler = (event: BookEvent) => Promise<void>

export function simulate(plan: DeliveryPlan): Outcome {
  const { acks, retries, idempotent: once } = plan.producer
  const log: string[] = []
  const stored = new Set<string>()

  for (const id of plan.events) {
    const troubles = [...(plan.trouble[id] ?? [])]
    let left = retries
    for (;;) {
      const trouble = troubles.shift()
      if (trouble !== 'request-lost' && trouble !== 'leader-lost') {
        // the broker knows the record again, whoever sends it
        if (!once || !stored.has(id)) log.push(id)
        stored.add(id)
      }
      if (trouble === 'producer-restarted') {
        left = retries
        continue
      }
      const answered = trouble === undefined || (trouble === 'leader-lost' && acks === 1)
      if (acks === 0 || answered || left === 0) break
      left -= 1
    }
  }

  const done = new Map<string, number>()
  let committed = 0
  let steps = 0
  /** Counts a step; true when the consumer dies after it. */
  const dies = (): boolean => {
    steps += 1
    return plan.crashes.includes(steps)
  }

  life: while (committed < log.length) {
    const batch = log.slice(committed, committed + plan.consumer.batch)
    const end = committed + batch.length
    if (plan.consumer.commit === 'before-work') {
      committed = end
      if (dies()) continue
    }
    for (const id of batch) {
      done.set(id, (done.get(id) ?? 0) + 1)
      if (dies()) continue life
    }
    if (plan.consumer.commit === 'after-work') {
      committed = end
      dies()
    }
  }

  return {
    lost: plan.events.filter((id) => !done.has(id)),
    duplicated: plan.events.filter((id) => (done.get(id) ?? 0) > 1),
  }
}

export function idempotent(handler: Handler, store: Store): Handler {
  return async (event) => {
    await store.transaction(async () => {
      const key = `event:${event.eventId}`
      if ((await store.get(key)) !== null) return
      await handler(event)
      await store.set(key, 'done')
    })
  }
}
