import readline from 'node:readline'
import { type Asker, type Choice, Interrupted } from './asker.ts'

/**
 * Questions from top to bottom, answers by numbers: for screen readers and for terminals that cannot move their cursor.
 * `close` has to be called at the end, or the process stays.
 */
export function plainAsker(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  print: (lines: readonly string[]) => void,
): Asker & { close(): void } {
  const lines = readline.createInterface({ input, output, terminal: false })
  const waiting: { resolve(line: string): void; reject(error: Error): void }[] = []
  const typed: string[] = []
  let isOver = false
  lines.on('line', (line) => {
    const next = waiting.shift()
    if (next) next.resolve(line)
    else typed.push(line)
  })
  lines.on('close', () => {
    isOver = true
    for (const { reject } of waiting.splice(0)) reject(new Interrupted())
  })
  const read = (message: string): Promise<string> => {
    output.write(`${message} `)
    const line = typed.shift()
    if (line !== undefined) return Promise.resolve(line)
    if (isOver) return Promise.reject(new Interrupted())
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
  }
  const list = (choices: readonly Choice[]) =>
    print(choices.map(({ name }, index) => `  ${index + 1}  ${name}`))
  const idsOf = (text: string, choices: readonly Choice[]): string[] | null => {
    const words = text.split(/[\s,]+/).filter(Boolean)
    const ids = words.map((word) => (/^\d+$/.test(word) ? choices[Number(word) - 1]?.id : undefined))
    return ids.every((id) => id !== undefined) ? ids : null
  }
  const pick = async (message: string, choices: readonly Choice[]): Promise<string> => {
    list(choices)
    for (;;) {
      const [id, ...more] = idsOf(await read(`${message} (a number)`), choices) ?? []
      if (id !== undefined && more.length === 0) return id
      print([`Please type one number from 1 to ${choices.length}.`])
    }
  }
  return {
    tell: print,
    pick,
    key: pick,
    async pickSeveral(message, choices) {
      list(choices)
      for (;;) {
        const ids = idsOf(await read(`${message} (numbers with blanks between them)`), choices)
        if (ids) return [...new Set(ids)]
        print([`Please type numbers from 1 to ${choices.length}, for instance: 1 3`])
      }
    },
    line: read,
    close: () => lines.close(),
  }
}
