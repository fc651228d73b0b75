import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What the process holds once its garbage is collected; bytes, and how many sockets and timers keep it alive. */
export interface MemoryInUse {
  heapUsed: number
  external: number
  rss: number
  sockets: number
  timers: number
}

export function memoryInUse(): MemoryInUse {
  collectGarbage()
  const { heapUsed, external, rss } = process.memoryUsage()
  const resources = process.getActiveResourcesInfo()
  const count = (kind: string) => resources.filter((one) => one === kind).length
  return { heapUsed, external, rss, sockets: count('TCPSocketWrap'), timers: count('Timeout') }
}

/** Node hides the collector behind a flag, which may be set at any time. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  collect()
}
