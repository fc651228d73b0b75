import { type Look, paint } from './style.ts'

/** What the screen of watch mode shows. Lines may hold colours; whatever is too long for the screen is cut. */
export interface WatchView {
  heading: string
  /** The path of the file in hand, and what a terminal opens when it is clicked. */
  place: string
  link: string | null
  /** The path through the book, `two hours`; null is the whole book. `passed` of `total` are those on it. */
  path: string | null
  passed: number
  total: number
  body: readonly string[]
  /** Lines of the body above the window; more than there are shows the last ones. */
  scroll: number
  /** Index of the line of the body that must be seen. */
  focus: number | null
  status: string
  /** From the most to the least wanted, as `['n', 'next']`: as many as there is room for. */
  keys: readonly (readonly [key: string, what: string])[]
}

const BAR_WIDTH = 12
/** Heading, place, an empty line; status and keys. */
const FRAME_ROWS = 5

/** At most `rows` lines of at most `look.width` columns: the heading, a window on the body, status and keys. */
export function watchScreen(view: WatchView, look: Look, rows: number): string[] {
  const room = roomIn(rows)
  const { lines, above, below } = windowOn(view, room)
  const more = [above > 0 ? `${above} above` : '', below > 0 ? `${below} below` : '']
    .filter(Boolean)
    .join(', ')
  const head = [headline(view, look), placeLine(view, look), '']
  const body = [...lines, ...Array<string>(room - lines.length).fill('')]
  const note = more && `(${more}: arrows)`
  const status = beside(cutPainted(view.status, look.width - note.length - 2), note, look.width)
  const all = [
    ...head,
    ...body,
    paint(look, 'bold', cutPainted(status, look.width)),
    keyLine(view.keys, look),
  ]
  return all.slice(-rows).map((line) => cutPainted(line, look.width))
}

/** How many lines of the body can stand above its window. */
export function furthestScroll({ body }: WatchView, rows: number): number {
  return Math.max(0, body.length - roomIn(rows))
}

function roomIn(rows: number): number {
  return Math.max(1, rows - FRAME_ROWS)
}

function windowOn(
  { body, scroll, focus }: WatchView,
  room: number,
): { lines: readonly string[]; above: number; below: number } {
  const last = Math.max(0, body.length - room)
  const wanted = focus === null ? scroll : focus - Math.floor(room / 2)
  const above = Math.max(0, Math.min(wanted, last))
  const lines = body.slice(above, above + room)
  return { lines, above, below: body.length - above - lines.length }
}

function headline({ heading, passed, total }: WatchView, look: Look): string {
  const done = Math.round((BAR_WIDTH * passed) / Math.max(1, total))
  const bar = `[${'#'.repeat(done)}${'-'.repeat(BAR_WIDTH - done)}]`
  const figures = `${passed} of ${total} passed`
  const right = look.ticks ? `${bar} ${figures}` : figures
  return paint(look, 'bold', beside(heading, right, look.width))
}

/** A hyperlink where the terminal knows them (OSC 8); the name of a file between blanks is clickable in many others. */
function placeLine({ place, link, path }: WatchView, look: Look): string {
  const file = cutPainted(place, look.width)
  const shown = link && look.links ? `\u001b]8;;${link}\u001b\\${file}\u001b]8;;\u001b\\` : file
  return beside(shown, path === null ? '' : `path: ${path}`, look.width)
}

function keyLine(keys: WatchView['keys'], look: Look): string {
  let line = ''
  for (const [key, what] of keys) {
    const longer = line === '' ? `${key} ${what}` : `${line}  ${key} ${what}`
    if (longer.length <= look.width) line = longer
  }
  return paint(look, 'dim', line)
}

/** Two texts on one line, the second at its end; without room for both, the first alone. */
function beside(left: string, right: string, width: number): string {
  const gap = width - columnsOf(left) - columnsOf(right)
  return gap < 2 || right === '' ? cutPainted(left, width) : `${left}${' '.repeat(gap)}${right}`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences take no room on the screen
const PIECES = /\u001b\[[0-9;]*m|\u001b\][^\u001b\u0007]*(?:\u0007|\u001b\\)|./gsu
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u
const NO_WIDTH = /\p{M}|\u200d|[\ufe00-\ufe0f]/u

function columnsOf(line: string): number {
  if (/^[ -~]*$/.test(line)) return line.length
  return (line.match(PIECES) ?? []).reduce((sum, piece) => sum + columnsOfPiece(piece), 0)
}

function columnsOfPiece(piece: string): number {
  if (piece.startsWith('\u001b') || NO_WIDTH.test(piece)) return 0
  return WIDE.test(piece) ? 2 : 1
}

/** Cuts a painted line to `width` columns; colours and links that it opens are closed. */
export function cutPainted(line: string, width: number): string {
  if (columnsOf(line) <= width) return line
  const pieces = line.match(PIECES) ?? []
  const dots = width > 10 ? '...' : ''
  let columns = dots.length
  let kept = ''
  let full = false
  for (const piece of pieces) {
    // What only colours goes on to the end.
    if (piece.startsWith('\u001b')) kept += piece
    else if (!full) {
      columns += columnsOfPiece(piece)
      full = columns > width
      kept += full ? dots : piece
    }
  }
  return kept
}
