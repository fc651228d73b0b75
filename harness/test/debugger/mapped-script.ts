import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A place in a source file; lines count from 1, as in an editor. */
export interface SourceLine {
  file: string
  line: number
}

/** A place in a script; lines and columns count from 0, as V8 does. */
export interface ScriptPosition {
  lineNumber: number
  columnNumber: number
}

/** A script that was made from other files, and its source map. */
export class MappedScript {
  private readonly script: string
  private readonly map: SourceMap
  private readonly sources: (string | null)[]

  constructor(scriptUrl: string, mapFile: string) {
    this.script = readFileSync(fileURLToPath(scriptUrl), 'utf8')
    const payload = JSON.parse(readFileSync(mapFile, 'utf8'))
    this.map = new SourceMap(payload)
    this.sources = payload.sources.map(pathOf)
  }

  /** The source line behind a position, or null where the script has code of its own. */
  sourceOf({ lineNumber, columnNumber }: ScriptPosition): SourceLine | null {
    const entry = this.map.findEntry(lineNumber, columnNumber)
    if (!('originalSource' in entry)) return null
    const file = pathOf(entry.originalSource)
    return file === null ? null : { file, line: entry.originalLine + 1 }
  }

  /** The first position of what a source line became, or null when there is none. */
  positionOf(wanted: SourceLine): ScriptPosition | null {
    if (!this.sources.includes(wanted.file)) return null
    for (const [lineNumber, text] of this.script.split('\n').entries()) {
      for (let columnNumber = 0; columnNumber < text.length; columnNumber++) {
        const source = this.sourceOf({ lineNumber, columnNumber })
        if (source?.file === wanted.file && source.line === wanted.line) return { lineNumber, columnNumber }
      }
    }
    return null
  }
}

/** A debugger finds a file by an absolute address only; relative ones would depend on where the map lies. */
function pathOf(source: string): string | null {
  return source.startsWith('file:') ? fileURLToPath(source) : null
}
