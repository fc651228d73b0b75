import { deserialize, serialize } from 'node:v8'
import type { SpawnReport } from '../answer/child-messages.ts'
import type { RunningTask } from '../answer/keeper-client.ts'
import type { Ending } from '../answer/messages.ts'

/** More processes than this would not teach more, and an endless loop could start thousands. */
const MOST_SPAWNED = 16

/**
 * Starts the scenes that `spawner` asks for, and carries words between the two. They are ended with their spawner.
 * `start` starts a scene on a lane of its own, as for a check.
 */
export function serveSpawns(
  spawner: RunningTask,
  start: (name: string, given: unknown) => Promise<RunningTask>,
): void {
  const spawned = new Map<number, Promise<RunningTask>>()
  spawner.onSpawning = (report) => {
    if (report.kind === 'spawn') spawn(report)
    else
      void spawned
        .get(report.spawned)
        ?.then((task) => steer(task, report))
        .catch(() => {})
  }
  void spawner.ending.then(() => {
    for (const starting of spawned.values()) starting.then((task) => task.kill()).catch(() => {})
  })

  function spawn({ spawned: number, name, given }: Extract<SpawnReport, { kind: 'spawn' }>): void {
    const tellEnd = (told: { value?: Uint8Array; problem?: string }) =>
      spawner.tell({ kind: 'spawned ended', spawned: number, ...told })
    if (spawned.size === MOST_SPAWNED) {
      tellEnd({ problem: `one scene may spawn ${MOST_SPAWNED} others` })
      return
    }
    const starting = start(name, deserialize(given))
    spawned.set(number, starting)
    starting
      .then(async (task) => {
        task.onPause = ({ label, number: at, detail }) =>
          spawner.tell({
            kind: 'spawned paused',
            spawned: number,
            number: at,
            label,
            detail: serialize(detail),
          })
        tellEnd(told(await task.ending))
      })
      .catch((error: Error) => tellEnd({ problem: error.message }))
  }
}

function steer(task: RunningTask, report: Exclude<SpawnReport, { kind: 'spawn' }>): void {
  if (report.kind === 'spawn kill') task.kill()
  else if (report.kind === 'spawn go') task.go(report.number)
  else task.throwAt(report.number, report.message)
}

function told(ending: Ending): { value?: Uint8Array; problem?: string } {
  if (ending.kind === 'returned') return { value: serialize(ending.value) }
  if (ending.kind === 'killed') return {}
  return {
    problem: ending.kind === 'threw' ? `${ending.thrown.name}: ${ending.thrown.message}` : ending.kind,
  }
}
