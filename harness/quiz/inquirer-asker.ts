import inquirer from 'inquirer'
import { type Asker, type Choice, Interrupted } from './asker.ts'

/** Rows that a list of choices may have before it scrolls: all but those of the prompt, as nothing shows that there are more. */
function rows(): number {
  return Math.max(7, (process.stdout.rows ?? 24) - 5)
}

/** Prompts with arrows, digits and typing ahead. Needs a terminal on both sides: the caller has looked. */
export function inquirerAsker(print: (lines: readonly string[]) => void): Asker {
  const ask = async <T>(question: Record<string, unknown>): Promise<T> => {
    try {
      const { given } = await inquirer.prompt([{ ...question, name: 'given' }] as never)
      return given as T
    } catch (error) {
      // Ctrl+C and Ctrl+D; the class lies in a package that is not ours to import.
      if ((error as Error).name === 'ExitPromptError') throw new Interrupted()
      throw error
    }
  }
  const listed = (choices: readonly Choice[]) =>
    choices.map(({ id, name }) => ({ value: id, name, short: name }))
  return {
    tell: print,
    pick: (message, choices) =>
      ask({
        type: 'select',
        message,
        choices: listed(choices),
        pageSize: rows(),
        theme: { indexMode: 'number' },
      }),
    pickSeveral: (message, choices) =>
      ask({
        type: 'checkbox',
        message,
        choices: listed(choices),
        pageSize: rows(),
        loop: false,
        // "a" and "i" would pick everything, or turn everything round.
        shortcuts: { all: null, invert: null },
      }),
    key: (message, choices) => singleKey(message, choices),
    line: (message) => ask({ type: 'input', message }),
  }
}

const CTRL_C = '\u0003'
const CTRL_D = '\u0004'

/** inquirer has no prompt that takes a single key without Enter. */
async function singleKey(message: string, choices: readonly Choice[]): Promise<string> {
  const { stdin, stdout } = process
  stdout.write(`${message} ${choices.map(({ id, name }) => `${id} ${name}`).join(' · ')} `)
  stdin.setRawMode(true)
  stdin.resume()
  try {
    return await new Promise((resolve, reject) => {
      const end = () => reject(new Interrupted())
      stdin.once('end', end)
      stdin.on('data', function take(bytes: Buffer) {
        const key = bytes.toString('utf8')
        const isOver = key.includes(CTRL_C) || key.includes(CTRL_D)
        const chosen = choices.find(({ id }) => key === id)
        if (!isOver && !chosen) return
        stdin.off('data', take)
        stdin.off('end', end)
        stdout.write(`${chosen?.name ?? ''}\n`)
        if (chosen) resolve(chosen.id)
        else end()
      })
    })
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
  }
}
