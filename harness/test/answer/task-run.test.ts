import { expect, test, vi } from 'vitest'
import type { Child } from '../../answer/child-process.ts'
import type { Exit } from '../../answer/confined.ts'
import { TaskRun } from '../../answer/task-run.ts'

/** Stands for a process, because no real one says at will that it is clean in the moment in which it is ended. */
function standIn() {
  let end: (exit: Exit) => void = () => {}
  const gone = new Promise<Exit>((resolve) => {
    end = resolve
  })
  const child: Child = {
    pid: 0,
    watched: true,
    listener: null,
    ready: true,
    inspected: false,
    doomed: false,
    send() {},
    run() {},
    look() {},
    kill() {
      child.doomed = true
    },
    gone,
  }
  return { child, end: (exit: Exit) => end(exit) }
}

function taskIn(child: Child) {
  const over: boolean[] = []
  const task = { kind: 'call', name: 'hash', argumentLists: [] } as const
  const command = { kind: 'run', file: 'bundle.mjs', task } as never
  const run = new TaskRun(
    child,
    { command, options: { deadlineMs: 60_000 } },
    () => {},
    (canRest) => over.push(canRest),
  )
  run.onReport({ kind: 'returned', value: new Uint8Array() } as never)
  return { run, over }
}

test('a process that says that it is clean can take another task', async () => {
  const { run, over } = taskIn(standIn().child)
  run.onReport({ kind: 'clean' })
  await vi.waitFor(() => expect(over).toEqual([true]))
})

test('one that says so while it is being ended cannot, and is over when it is gone', async () => {
  const { child, end } = standIn()
  const { run, over } = taskIn(child)
  child.kill()
  run.onReport({ kind: 'clean' })
  await new Promise(setImmediate)
  expect(over).toEqual([])
  end({ code: null, signal: 'SIGKILL' })
  await vi.waitFor(() => expect(over).toEqual([false]))
})
