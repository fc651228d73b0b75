import { styleText } from 'node:util'

/** How a report may look: decided once, from the terminal it goes to. */
export interface Look {
  colour: boolean
  /** Columns. */
  width: number
  /** `✓ ✗ ·` or words. */
  ticks: boolean
  /** Whether words can lead to an address (OSC 8); otherwise the address stands behind them. */
  links?: boolean
}

type Format = Parameters<typeof styleText>[0]

/** Text in a colour or weight, when the look has colours. */
export function paint(look: Look, format: Format, text: string): string {
  // Node would ask its own standard output once more, which may be another stream than the one that was looked at.
  return look.colour ? styleText(format, text, { validateStream: false }) : text
}

/** Breaks text at spaces into lines of at most `width` columns; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (line !== '' && longer.length > width) {
        lines.push(line)
        line = word
      } else line = longer
    }
    lines.push(line)
  }
  return lines
}

/** Cuts a line to `width` columns, with an ellipsis at its end. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 3))}...`
}

/**
 * Makes text of an answer, or of a broker, safe for a terminal: escape sequences and control characters are removed, so
 * that nothing printed can move the cursor, colour the screen or write to the clipboard.
 */
export function plain(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      .replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-_])/g, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
  )
}

/** `1.2 s`, of milliseconds. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

/** Names on the broker begin with the run and the exercise; on the screen, the rest tells them apart. */
export function shortNames(text: string): string {
  return text.replace(/\bwb-[a-z0-9]+-\d\d-/g, '')
}
