import { deepStack } from './child-output.ts'

/**
 * Notes the place of a call that ends the process, before it happens: `process.exit`, `reallyExit`, `abort`, and
 * `kill` of the process itself. Best effort: whoever means to hide the place can.
 */
export function noteExits(note: (stack: string) => void): void {
  const exits = process as unknown as Record<string, (...args: unknown[]) => unknown>
  for (const name of ['exit', 'reallyExit', 'abort', 'kill']) {
    const original = exits[name] as (...args: unknown[]) => unknown
    exits[name] = (...args) => {
      const ownEnd = name !== 'kill' || (args[0] === process.pid && args[1] !== 0)
      if (ownEnd) note(deepStack())
      return original.apply(process, args)
    }
  }
}
