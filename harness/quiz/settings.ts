import type { Problem } from '../markdown/content.ts'

/** Small letters and digits, with dashes between them. */
export function isId(text: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)
}

/** Settings of a quiz, a question or an option, as a comment holds them; every key that nobody knows is a problem. */
export class Settings {
  readonly line: number
  readonly #values: Map<string, string[]>
  readonly #problems: Problem[]

  private constructor(line: number, values: Map<string, string[]>, problems: Problem[]) {
    this.line = line
    this.#values = values
    this.#problems = problems
  }

  /** `id=slug points=2 unit="MB/s"`, after a first word that may be left out. */
  static ofWords(text: string, line: number, keys: readonly string[], problems: Problem[]): Settings {
    const values = new Map<string, string[]>()
    for (const [word, key, quoted, bare] of text.matchAll(/([\w-]+)=(?:"([^"]*)"|(\S*))|\S+/g)) {
      if (key === undefined) problems.push(unknown(line, word, keys))
      else values.set(key, [...(values.get(key) ?? []), quoted ?? bare ?? ''])
    }
    return new Settings(line, values, problems).#known(keys).#once([])
  }

  /** Lines of `key: value`; the keys of `several` may come more than once. */
  static ofLines(
    text: string,
    line: number,
    keys: readonly string[],
    several: readonly string[],
    problems: Problem[],
  ): Settings {
    const values = new Map<string, string[]>()
    for (const one of text.split('\n').filter((part) => part.trim() !== '')) {
      const [, key, value = ''] = /^\s*([\w-]+):\s*(.*?)\s*$/.exec(one) ?? []
      if (key === undefined) problems.push(unknown(line, one.trim(), keys))
      else values.set(key, [...(values.get(key) ?? []), value.replace(/^"(.*)"$/, '$1')])
    }
    return new Settings(line, values, problems).#known(keys).#once(several)
  }

  #known(keys: readonly string[]): this {
    for (const key of this.#values.keys()) {
      if (!keys.includes(key)) this.#problems.push(unknown(this.line, key, keys))
    }
    return this
  }

  #once(several: readonly string[]): this {
    for (const [key, values] of this.#values) {
      if (values.length > 1 && !several.includes(key)) this.refuse('key-twice', `${key} stands here twice`)
    }
    return this
  }

  text(key: string): string | undefined {
    return this.#values.get(key)?.at(-1)
  }

  texts(key: string): string[] {
    return this.#values.get(key) ?? []
  }

  /** A number from `least` to `most`; `otherwise` where there is none, or a wrong one, which is a problem. */
  number(key: string, otherwise: number, least: number, most: number): number {
    const text = this.text(key)
    if (text === undefined) return otherwise
    const number = Number(text.replace(/%$/, ''))
    if (text !== '' && number >= least && number <= most) return number
    this.refuse('value', `${key} is a number from ${least} to ${most}, not "${text}"`)
    return otherwise
  }

  /** Whether a setting that knows one word only is given; any other word is a problem. */
  isSet(key: string, word: string): boolean {
    const text = this.text(key)
    if (text !== undefined && text !== word) {
      this.refuse('value', `${key} is "${word}" or left out, not "${text}"`)
    }
    return text === word
  }

  refuse(rule: string, message: string): void {
    this.#problems.push({ line: this.line, level: 'error', rule, message })
  }
}

function unknown(line: number, key: string, keys: readonly string[]): Problem {
  return {
    line,
    level: 'error',
    rule: 'unknown-key',
    message: `"${key}" is no key here; there are ${keys.join(', ')}`,
  }
}
