import { deserialize, serialize } from 'node:v8'
import type { SpawnedCommand, SpawnReport } from './child-messages.ts'
import { Pauses } from './pauses.ts'
import type { Spawned } from './stage.ts'

/** One spawned scene, as the process of its spawner knows it. */
interface Known {
  pauses: Pauses
  end(command: Extract<SpawnedCommand, { kind: 'spawned ended' }>): void
}

/** The scenes that a scene has spawned. They run in processes of the keeper's, like itself; here are only their handles. */
export class SpawnedScenes {
  private readonly known = new Map<number, Known>()
  private readonly send: (report: SpawnReport) => void

  constructor(send: (report: SpawnReport) => void) {
    this.send = send
  }

  spawn(name: string, given: unknown): Spawned {
    const spawned = this.known.size + 1
    const pauses = new Pauses()
    const ending = new Promise<unknown>((resolve, reject) => {
      const end: Known['end'] = ({ value, problem }) => {
        pauses.end(
          (label) => new Error(problem ?? `The scene ${name} was over before it came to "${label}".`),
        )
        if (problem === undefined) resolve(value && deserialize(value))
        else reject(new Error(`${name}: ${problem}`))
      }
      this.known.set(spawned, { pauses, end })
    })
    // Whoever never asks how it ended must not be ended by it.
    ending.catch(() => {})
    this.send({ kind: 'spawn', spawned, name, given: serialize(given) })
    return {
      paused: (label, nth) => pauses.ask(label, nth),
      kill: async () => {
        this.send({ kind: 'spawn kill', spawned })
        await ending.catch(() => {})
      },
      ended: () => ending,
    }
  }

  hear(command: SpawnedCommand): void {
    const { spawned } = command
    const known = this.known.get(spawned)
    if (command.kind === 'spawned ended') {
      known?.end(command)
      return
    }
    const steering = {
      go: (number: number) => this.send({ kind: 'spawn go', spawned, number }),
      throwAt: (number: number, message: string) =>
        this.send({ kind: 'spawn throw', spawned, number, message }),
    }
    known?.pauses.arrive(steering, { ...command, detail: deserialize(command.detail) })
  }
}
