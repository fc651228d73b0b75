import { escaped } from '../quiz/export/xml.ts'

const CHAR_WIDTH = 8.4
const LINE_HEIGHT = 20
const MARGIN = 20

/** The codes of styleText that reports use, and what turns them off. */
const CLASSES: Record<string, string> = {
  '1': 'bold',
  '2': 'dim',
  '31': 'red',
  '32': 'green',
  '33': 'yellow',
  '35': 'magenta',
}
const OFF: Record<string, string[]> = {
  '22': ['bold', 'dim'],
  '39': ['red', 'green', 'yellow', 'magenta'],
  '0': Object.values(CLASSES),
}

const STYLE = `<style>
svg.terminal { --ink: #1f2328; --dim: #59636e; --ground: #f6f8fa; --red: #b3261e; --green: #1a7f37; --yellow: #8a6100; --magenta: #8250df }
@media (prefers-color-scheme: dark) { svg.terminal { --ink: #e6edf3; --dim: #9aa4ae; --ground: #151b23; --red: #ff8a80; --green: #56d364; --yellow: #e3b341; --magenta: #d2a8ff } }
svg.terminal { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace } svg.terminal text { fill: var(--ink); white-space: pre }
svg.terminal .ground { fill: var(--ground) } svg.terminal .bold { font-weight: bold } svg.terminal .dim { fill: var(--dim) }
svg.terminal .red { fill: var(--red) } svg.terminal .green { fill: var(--green) } svg.terminal .yellow { fill: var(--yellow) } svg.terminal .magenta { fill: var(--magenta) }
</style>`

/** Lines as they stand on a terminal, with the colours of styleText, as a picture for light and dark pages. */
export function terminalPicture(lines: readonly string[], title: string): string {
  const columns = Math.max(
    ...lines.map((line) => spansOf(line).reduce((sum, { text }) => sum + text.length, 0)),
  )
  const width = Math.ceil(columns * CHAR_WIDTH) + 2 * MARGIN
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN
  const rows = lines.map((line, index) => {
    const y = MARGIN + (index + 1) * LINE_HEIGHT - 5
    const spans = placed(line).map(
      ({ text, x, classes }) =>
        `<tspan x="${x}"${classes.length > 0 ? ` class="${classes.join(' ')}"` : ''}>${escaped(text)}</tspan>`,
    )
    return `<text y="${y}" xml:space="preserve">${spans.join('')}</text>`
  })
  return [
    `<svg class="terminal" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    STYLE,
    `<rect class="ground" width="${width}" height="${height}" rx="10"/>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n')
}

interface Span {
  text: string
  classes: string[]
}

/** Every span begins at its own column, whatever letters the reader's machine has. */
function placed(line: string): (Span & { x: number })[] {
  let column = 0
  return spansOf(line).flatMap(({ text, classes }) => {
    const spaces = text.length - text.trimStart().length
    const x = Math.round((MARGIN + (column + spaces) * CHAR_WIDTH) * 10) / 10
    column += text.length
    return text.trim() === '' ? [] : [{ text: text.trim(), classes, x }]
  })
}

function spansOf(line: string): Span[] {
  const on = new Set<string>()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is read
  const parts = line.split(/\u001b\[([\d;]*)m/)
  return parts.flatMap((part, index) => {
    if (index % 2 === 0) return part === '' ? [] : [{ text: part, classes: [...on] }]
    for (const code of part.split(';')) {
      if (CLASSES[code]) on.add(CLASSES[code])
      for (const name of OFF[code] ?? []) on.delete(name)
    }
    return []
  })
}
