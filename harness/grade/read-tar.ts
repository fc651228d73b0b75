import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Header } from 'tar-stream'
import { Budget, entryPath, Refusal } from './archive-rules.ts'
import type { ArchiveOptions, Unpacked } from './read-zip.ts'

/**
 * The wanted files of a TAR, gzipped or not. Nothing is written anywhere. Throws a Refusal for one that breaks a rule, and
 * an Error of the reader for one that is broken.
 */
export async function readTar(file: string, { wanted, limits }: ArchiveOptions): Promise<Unpacked[]> {
  const { extract } = await import('tar-stream')
  const budget = new Budget((await stat(file)).size, limits)
  const found: Unpacked[] = []
  const reader = extract()
  const reading = (async () => {
    for await (const entry of reader) {
      const path = takes(entry.header, budget, wanted)
      if (path === null) {
        entry.resume()
        continue
      }
      const chunks: Uint8Array[] = []
      for await (const chunk of entry) chunks.push(chunk as Uint8Array)
      found.push({ path, bytes: Buffer.concat(chunks) })
    }
  })()
  const source = createReadStream(file)
  const counted = counting(budget)
  const feeding = /gz$/i.test(file)
    ? pipeline(source, createGunzip(), counted, reader as unknown as NodeJS.WritableStream)
    : pipeline(source, counted, reader as unknown as NodeJS.WritableStream)
  const [fed, read] = await Promise.allSettled([feeding, reading])
  // A refusal tears the pipe down; what the pipe then says is about that.
  const failures = [read, fed].flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []))
  const failure = failures.find((one) => one instanceof Refusal) ?? failures[0]
  if (failure) throw failure
  return found
}

/** The path of an entry whose bytes are wanted, else null. */
function takes(header: Header, budget: Budget, wanted: (path: string) => boolean): string | null {
  budget.entry()
  const path = entryPath(header.name)
  if (header.type === 'directory' || !wanted(path)) return null
  if (header.type !== 'file' && header.type !== 'contiguous-file')
    throw new Refusal(`${path} is a link, or no file at all`)
  budget.keep(path, header.size)
  return path
}

/** Stops the flow as soon as too much has come out. */
function counting(budget: Budget): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        budget.unpack(chunk.length)
        done(null, chunk)
      } catch (error) {
        done(error as Error)
      }
    },
  })
}
