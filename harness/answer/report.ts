import { writeSync } from 'node:fs'
import { REPORT_FD, type Report } from './child-messages.ts'
import { encodeFrame } from './frames.ts'

export type Send = (report: Report) => void

// Kept before any answer is loaded: an answer may replace `fs.writeSync`.
const write = writeSync

/**
 * The child's way to the keeper. Every report starts with a seal that lives only in this closure.
 *
 * It resists: `process.send` (there is none), text on standard output, bytes written to the pipe's descriptor, frames
 * made with our own code but without the seal. It does not resist code that takes Node itself apart (patches
 * `Buffer.concat`, opens an inspector on its own process, reads its own memory): returned data is never believed on its own.
 *
 * Writing is synchronous, so what was said before an endless loop, an exit or a crash has been said.
 */
export function reportTo(seal: Buffer, fd = REPORT_FD): (report: object) => void {
  return (report) => writeAll(fd, encodeFrame(report, seal))
}

function writeAll(fd: number, bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) {
    try {
      written += write(fd, bytes, written)
    } catch (error) {
      // The pipe is full for the moment (it may be non-blocking on some systems).
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}
