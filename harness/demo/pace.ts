import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { WorkbookError } from '../errors.ts'

/** How a demo goes on after a caption: when somebody presses Enter, or after so many seconds. */
export type Pace = 'enter' | number

/** `--pace` as given: seconds, or `enter`. By default a terminal waits for Enter, and a pipe for nothing. */
export function readPace(text: string | undefined, isTerminal: boolean): Pace {
  if (text === undefined) return isTerminal ? 'enter' : 0
  if (text === 'enter') return 'enter'
  const seconds = Number(text)
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds >= 0 && seconds <= 3600) return seconds
  throw new WorkbookError(
    `--pace takes seconds or "enter", not "${text}".`,
    'For instance: --pace 8. With --pace 0 it never waits.',
  )
}

/** Waits as long as the pace says; the end of the input counts as Enter. */
export async function keepPace(pace: Pace, input: Readable): Promise<void> {
  if (pace !== 'enter') return sleep(pace * 1000)
  if (input.readableEnded || input.destroyed) return
  await new Promise<void>((resolve) => {
    const goOn = () => {
      input.off('data', goOn).off('end', goOn).pause()
      resolve()
    }
    input.on('data', goOn).on('end', goOn).resume()
  })
}
