import { randomInt } from 'node:crypto'
import net from 'node:net'

/** Below the ports that systems give to outgoing connections: from 32768 on with Linux, from 49152 on elsewhere. */
const LOWEST = 20_000
const ABOVE_HIGHEST = 32_768
const MOST_TRIES = 50

/**
 * A port that is free on this machine now, and that no connection takes in the moment until somebody listens on it, or
 * listens on it again. Rejects when none is found.
 */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = randomInt(LOWEST, ABOVE_HIGHEST)
    try {
      await tryPort(port)
      return port
    } catch (error) {
      if (tries === MOST_TRIES) throw error
    }
  }
}

function tryPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.on('error', reject)
    server.listen(port, () => server.close(() => resolve()))
  })
}
