/** One entry of a `.properties` file. */
export interface Property {
  key: string
  value: string
  /** The line that it begins on, from 1. */
  line: number
}

/** An escape in a `.properties` file that Java would not read, either. */
export class PropertiesError extends Error {
  override name = 'PropertiesError'
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

const ESCAPES: Record<string, string> = { t: '\t', n: '\n', r: '\r', f: '\f' }

/**
 * Reads Java's `.properties` format as `java.util.Properties.load` does: `=`, `:` or blanks after the key, comments after `#`
 * and `!`, a backslash at the end goes on with the next line, `\uXXXX`. Of a key that stands there twice, both are given, in order.
 * Throws PropertiesError.
 */
export function parseProperties(text: string): Property[] {
  return logicalLines(text).map(({ content, line }) => {
    const [, key = '', value = ''] = /^((?:\\.|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*(.*)$/s.exec(content) ?? []
    return { key: unescaped(key, line), value: unescaped(value, line), line }
  })
}

/** Lines that count, each with those that it goes on in. */
function logicalLines(text: string): { content: string; line: number }[] {
  const lines: { content: string; line: number }[] = []
  let open = false
  for (const [index, natural] of text.split(/\r\n|[\r\n]/).entries()) {
    const content = natural.replace(/^[ \t\f]+/, '')
    const last = lines.at(-1)
    if (!open && (content === '' || /^[#!]/.test(content))) continue
    const goesOn = (/\\*$/.exec(content)?.[0].length ?? 0) % 2 === 1
    const whole = goesOn ? content.slice(0, -1) : content
    if (open && last) last.content += whole
    else lines.push({ content: whole, line: index + 1 })
    open = goesOn
  }
  return lines
}

function unescaped(text: string, line: number): string {
  return text.replace(/\\(u.{0,4}|.)/gs, (_, escaped: string) => {
    if (!escaped.startsWith('u')) return ESCAPES[escaped] ?? escaped
    if (!/^u[0-9a-fA-F]{4}$/.test(escaped))
      throw new PropertiesError('a \\u without four hexadecimal digits', line)
    return String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
  })
}
