import net from 'node:net'
import tls from 'node:tls'
import { frames } from '../protocol/frames.ts'
import type { Address } from './address.ts'
import { logIn } from './sasl.ts'
import type { Security, Tls } from './security.ts'

/** The way to one node. */
export interface NodeSocket {
  readonly socket: net.Socket
  /** What the node sends, cut into frames; to be read once `ready` has resolved. */
  readonly answers: AsyncGenerator<Buffer>
  /**
   * Resolves when requests may be sent: TCP, TLS and SASL are through. Rejects with the error of the step that failed: Node's, or
   * a BrokerError. The socket is closed then.
   */
  readonly ready: Promise<void>
}

/** Connects to a node as the security protocol of its listener asks; null stands for PLAINTEXT. */
export function openSocket(address: Address, security: Security | null): NodeSocket {
  const { tls: secure = null, sasl = null } = security ?? {}
  const socket = secure ? tlsSocket(address, secure) : net.connect({ ...address, noDelay: true })
  const answers = frames(socket)
  const write = (frame: Buffer) => void socket.write(frame)
  const ready = connected(socket, secure ? 'secureConnect' : 'connect').then(async () => {
    if (sasl) await logIn({ write, answers }, sasl)
  })
  ready.catch(() => socket.destroy())
  return { socket, answers, ready }
}

function tlsSocket(address: Address, { ca, cert, key, pfx, passphrase, checkHost }: Tls): net.Socket {
  const socket = tls.connect({
    ...address,
    // The name that the certificate is looked up by (SNI); an address is none (RFC 6066).
    ...(net.isIP(address.host) === 0 && { servername: address.host }),
    ...(ca !== null && { ca }),
    ...(cert !== null && { cert }),
    ...(key !== null && { key }),
    ...(pfx !== null && { pfx: Buffer.from(pfx, 'base64') }),
    ...(passphrase !== null && { passphrase }),
    ...(!checkHost && { checkServerIdentity: () => undefined }),
  })
  return socket.setNoDelay(true)
}

function connected(socket: net.Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve)
    // Both stay for good: an error without a listener would end the process.
    socket.on('error', reject)
    socket.once('close', () => reject(new Error('the connection was closed')))
  })
}
