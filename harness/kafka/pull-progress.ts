import { WorkbookError } from '../errors.ts'

/** What the engine says while it fetches an image: one layer each time, or the whole. */
export interface PullEvent {
  /** The layer. */
  id?: string
  status?: string
  progressDetail?: { current?: number; total?: number }
  error?: string
  /** A refusal of the whole request. */
  message?: string
}

/** Takes the engine's answer as it comes, and hands on its events, one JSON object in each line. */
export function pullEvents(onEvent: (event: PullEvent) => void): (part: Buffer) => void {
  let rest = ''
  return (part) => {
    const lines = (rest + part.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') onEvent(JSON.parse(line))
  }
}

/** How far a pull is, in whole percents; null as long as no layer has told its size. It never goes back. */
export function pullMeter(): (event: PullEvent) => number | null {
  const layers = new Map<string, { total: number; fetched: number; unpacked: number }>()
  let most: number | null = null
  return ({ id, status = '', progressDetail }) => {
    if (id !== undefined) {
      const layer = layers.get(id) ?? { total: progressDetail?.total ?? 0, fetched: 0, unpacked: 0 }
      layers.set(id, layer)
      if (status === 'Downloading') {
        layer.total = progressDetail?.total ?? layer.total
        layer.fetched = progressDetail?.current ?? layer.fetched
      }
      if (status === 'Download complete' || status === 'Extracting') layer.fetched = layer.total
      if (status === 'Extracting') layer.unpacked = Math.min(layer.total, progressDetail?.current ?? 0)
      if (status === 'Pull complete' || status === 'Already exists') {
        layer.fetched = layer.total
        layer.unpacked = layer.total
      }
    }
    const sum = (key: 'total' | 'fetched' | 'unpacked') =>
      [...layers.values()].reduce((all, layer) => all + layer[key], 0)
    const total = sum('total')
    if (total === 0) return most
    // Fetching and unpacking count the same; what is not known yet may make the whole larger.
    const percent = Math.floor((100 * (sum('fetched') + sum('unpacked'))) / (2 * total))
    most = Math.max(most ?? 0, percent)
    return most
  }
}

/** Why an image could not be fetched, in plain words. */
export function pullError(image: string, why: string): WorkbookError {
  const hint = /no such host|timeout|deadline|refused|unreachable|lookup/i.test(why)
    ? 'Is this machine online, and does the engine know its proxy? Then once more: npm run broker pull'
    : /no space/i.test(why)
      ? 'Make room for the engine (docker system df), then once more: npm run broker pull'
      : /toomanyrequests|rate limit/i.test(why)
        ? 'Docker Hub has a limit for each address: wait, or log in (docker login), then once more: npm run broker pull'
        : 'Once more: npm run broker pull. Or use the embedded broker: --broker embedded'
  return new WorkbookError(`The image ${image} could not be fetched: ${why}`, hint)
}
