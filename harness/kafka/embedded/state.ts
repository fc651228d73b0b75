import type { Clock } from './clock.ts'

/** Everything that the broker remembers. It knows nothing of the wire; one event loop owns it. */
export interface State {
  clock: Clock
}
