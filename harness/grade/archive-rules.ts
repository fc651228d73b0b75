/** What a submission may hold at most. Generous for a project with its packages in it, and small for a bomb. */
export const LIMITS = {
  /** Of the archive itself. */
  archiveBytes: 200_000_000,
  entries: 60_000,
  /** Of one answer. */
  fileBytes: 256_000,
  /** Of all answers together. */
  keptBytes: 8_000_000,
  /** Unpacked, with everything that nobody asked for. */
  unpackedBytes: 2_000_000_000,
  /** Unpacked to packed, from a size on; text seldom packs better than 1 to 20. */
  ratio: 200,
  ratioFromBytes: 5_000_000,
} as const

export type Limits = { [name in keyof typeof LIMITS]: number }

/** Of the archive that a course system makes of a whole class: it holds the archives of the students. */
export const CLASS_LIMITS: Limits = {
  ...LIMITS,
  archiveBytes: 2_000_000_000,
  fileBytes: 100_000_000,
  keptBytes: 500_000_000,
}

/** Why an archive or a file of a submission was refused; it goes to a human with this sentence. */
export class Refusal extends Error {
  override name = 'Refusal'
}

/**
 * The name of an entry with forward slashes and without `./`. Throws a Refusal for names that leave the archive: no
 * program that packs a folder writes them.
 */
export function entryPath(raw: string): string {
  const name = raw.replaceAll('\\', '/')
  const shown = JSON.stringify(raw.slice(0, 200))
  if (name.includes('\0')) throw new Refusal(`the name ${shown} has a zero byte in it`)
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) throw new Refusal(`the name ${shown} is absolute`)
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw new Refusal(`the name ${shown} leads out of the archive`)
  return parts.join('/')
}

/** Counts what an archive makes of itself, and throws a Refusal as soon as it is too much. */
export class Budget {
  private entries = 0
  private unpacked = 0
  private kept = 0
  private readonly packedBytes: number
  private readonly limits: Limits

  constructor(packedBytes: number, limits: Limits = LIMITS) {
    this.packedBytes = packedBytes
    this.limits = limits
    if (packedBytes > limits.archiveBytes)
      throw new Refusal(`it has ${packedBytes} bytes, more than ${limits.archiveBytes}`)
  }

  entry(): void {
    this.entries += 1
    if (this.entries > this.limits.entries)
      throw new Refusal(`it holds more than ${this.limits.entries} entries`)
  }

  /** Bytes that came out, or that the archive says will come out. */
  unpack(bytes: number): void {
    const { unpackedBytes, ratio, ratioFromBytes } = this.limits
    this.unpacked += bytes
    if (this.unpacked > unpackedBytes) throw new Refusal(`it unpacks to more than ${unpackedBytes} bytes`)
    if (this.unpacked > ratioFromBytes && this.unpacked > ratio * this.packedBytes)
      throw new Refusal(`it unpacks to more than ${ratio} times its size`)
  }

  /** The size of a file whose bytes are wanted, before they are read. */
  keep(name: string, bytes: number): void {
    const { fileBytes, keptBytes } = this.limits
    if (bytes > fileBytes) throw new Refusal(`${name} has more than ${fileBytes} bytes`)
    this.kept += bytes
    if (this.kept > keptBytes) throw new Refusal(`its files have more than ${keptBytes} bytes together`)
  }
}
