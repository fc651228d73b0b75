import type { OutputLine, Place } from '../result.ts'

/** What Node itself writes while a debugger comes and goes. */
const NODE_NOISE =
  /^(Debugger (listening on|attached|ending on)|For help, see: https:\/\/nodejs|Waiting for the debugger)/

/** Node's report of a full heap: many lines for engineers, none of them from the answer. */
const HEAP_REPORT = '<--- Last few GCs --->'
const HEAP_FULL = /heap out of memory|Reached heap limit/

/** Puts the lines of one stream together: text comes in pieces, a line belongs to the call that began it. */
export class OutputLines {
  private readonly stream: OutputLine['stream']
  private readonly onLine: (line: OutputLine) => void
  private begun: OutputLine | null = null

  constructor(stream: OutputLine['stream'], onLine: (line: OutputLine) => void) {
    this.stream = stream
    this.onLine = onLine
  }

  add(text: string, at?: Place): void {
    const [first = '', ...more] = text.split('\n')
    this.continueLine(first, at)
    for (const next of more) {
      this.flush(true)
      this.continueLine(next, at)
    }
  }

  /** The last line may have no end. */
  end(): void {
    this.flush(false)
  }

  private continueLine(text: string, at: Place | undefined): void {
    if (this.begun) this.begun.text += text
    else if (text !== '') this.begun = { stream: this.stream, text, ...(at && { at }) }
  }

  private flush(evenEmpty: boolean): void {
    const line = this.begun ?? (evenEmpty ? { stream: this.stream, text: '' } : null)
    this.begun = null
    if (line) this.onLine({ ...line, text: line.text.replace(/\r$/, '') })
  }
}

/** Sorts out what Node, and not the answer, wrote to a child's file descriptors. */
export class NodeNoise {
  /** True once Node said that the heap is full. */
  heapFull = false
  private inReport = false

  /** True when the line is Node's own. */
  covers(line: OutputLine): boolean {
    if (line.text.includes(HEAP_REPORT)) this.inReport = true
    if (this.inReport && HEAP_FULL.test(line.text)) this.heapFull = true
    // Node puts an empty line before its report.
    const spacing = line.stream === 'stderr' && line.text === ''
    return this.inReport || spacing || NODE_NOISE.test(line.text)
  }
}
