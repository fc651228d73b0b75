/**
 * What the keeper and the porter of a container say to each other, over the container's standard input and output: the only
 * way in and out. Channels up to 5 are file descriptors of the child; connections to the broker have numbers from 16.
 */

/** The folder of a container that can be written to. */
export const BOX = '/box'

export const FIRST_CONNECTION = 16

export type ToPorter =
  /** Comes first: a file for the box. */
  | { kind: 'file'; name: string; bytes: Uint8Array }
  /** Starts the child, with these arguments for its Node. */
  | { kind: 'start'; args: string[]; env: Record<string, string> }
  /** Ports that the child may connect to, in place of those of before. */
  | { kind: 'ports'; ports: number[] }
  | { kind: 'data'; channel: number; bytes: Uint8Array }
  | { kind: 'end'; channel: number }
  /** Ends the child, and the container with it. */
  | { kind: 'kill' }

export type FromPorter =
  /** The child has opened a connection, from now on `channel`. */
  | { kind: 'connect'; channel: number; port: number }
  | { kind: 'data'; channel: number; bytes: Uint8Array }
  | { kind: 'end'; channel: number }
  /** The last message. */
  | { kind: 'exit'; code: number | null; signal: string | null }

/** The message in what came out of a container, or null when its shape is wrong: whoever is in there can forge one. */
export function readFromPorter(message: unknown): FromPorter | null {
  if (typeof message !== 'object' || message === null) return null
  const { kind, channel, port, bytes, code, signal } = message as Record<string, unknown>
  if (kind === 'exit') {
    return { kind, code: isCount(code) ? code : null, signal: typeof signal === 'string' ? signal : null }
  }
  if (!isCount(channel)) return null
  if (kind === 'connect') return isCount(port) ? { kind, channel, port } : null
  if (kind === 'data') return bytes instanceof Uint8Array ? { kind, channel, bytes } : null
  return kind === 'end' ? { kind, channel } : null
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
