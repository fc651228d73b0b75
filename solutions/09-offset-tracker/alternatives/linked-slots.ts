// A chain of slots, one for each record, and no collections for the order: the front walks along the chain.

interface Slot {
  offset: bigint
  finished: boolean
  next: Slot | undefined
}

type State = { front: Slot; back: Slot; slots: Map<string, Slot> }

export class OffsetTracker {
  private state: State | undefined
  private announced: bigint

  constructor(start: bigint) {
    // A slot before the first record: finished, and the front of an empty chain.
    const before = { offset: start - 1n, finished: true, next: undefined }
    this.state = { front: before, back: before, slots: new Map() }
    this.announced = start
  }

  deliver = (offset: bigint): void => {
    if (!this.state || offset <= this.state.back.offset) return
    const slot: Slot = { offset, finished: false, next: undefined }
    this.state.back.next = slot
    this.state.back = slot
    this.state.slots.set(String(offset), slot)
  }

  done = (offset: bigint): void => {
    const slot = this.state?.slots.get(String(offset))
    if (slot) slot.finished = true
  }

  committable = (): bigint | null => {
    if (!this.state) return null
    let { front } = this.state
    while (front.next?.finished) {
      front = front.next
      this.state.slots.delete(String(front.offset))
    }
    this.state.front = front
    const next = front.offset + 1n
    if (next === this.announced) return null
    this.announced = next
    return next
  }

  revoke = (): void => {
    this.state = undefined
  }
}
