import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Place } from '../result.ts'
import type { BundleFrame } from './child-messages.ts'

/** The files that a place may lie in, best first: the answer, then the scenes. */
export interface OwnFiles {
  answerFile: string
  scenesFile: string | null
}

// `    at async oneOrder (/home/me/03-produce-event/scenes.ts:5:3)`; the function and its brackets may be missing.
const FRAME = /^\s*at (?:(.*?) \()?((?:file:\/\/|\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/

/** The first frame of a stack trace that lies in the answer, else in the scenes. The trace must be source-mapped. */
export function placeInStack(stack: string, files: OwnFiles): Place | undefined {
  return firstOwn(stack.split('\n').map(placeInLine), files)
}

function placeInLine(text: string): Place | null {
  const found = FRAME.exec(text)
  if (!found) return null
  const [, name, file = '', line, column] = found
  const within = functionName(name)
  return { file: toPath(file), line: Number(line), column: Number(column), ...(within && { within }) }
}

/** The name that a learner gave: without `async`, `Object.` and esbuild's numbers; empty for an anonymous function. */
function functionName(text: string | undefined): string {
  const name = (text ?? '').replace(/^(async|new) /, '').replace(/^(Object|Module|globalThis)\./, '')
  return /^[\w$.#]+$/.test(name) ? name : ''
}

/** The place of the first of V8's call frames that lies in the answer, else in the scenes. `map` is the bundle's source map. */
export function placeInFrames(frames: BundleFrame[], map: string, files: OwnFiles): Place | undefined {
  const sourceMap = new SourceMap(JSON.parse(map))
  const places = frames.map((frame): Place | null => {
    const entry = sourceMap.findEntry(frame.line, frame.column)
    if (!('originalSource' in entry)) return null
    const within = functionName(frame.functionName)
    return {
      file: toPath(entry.originalSource),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
      ...(within && { within }),
    }
  })
  return firstOwn(places, files)
}

function firstOwn(places: (Place | null)[], files: OwnFiles): Place | undefined {
  const inFile = (file: string | null) => places.find((place) => place !== null && place.file === file)
  return inFile(files.answerFile) ?? inFile(files.scenesFile) ?? undefined
}

function toPath(file: string): string {
  return file.startsWith('file://') ? fileURLToPath(file) : file
}
