import { writeSync } from 'node:fs'

for (let megabytes = 0; megabytes < 500; ) {
  try {
    megabytes += writeSync(1, 'x'.repeat(1_000_000)) / 1_000_000
  } catch {
    // The pipe is full; once more.
  }
}
