import type { Broker } from './broker.ts'
import type { EmbeddedOptions } from './embedded/start.ts'
import { MIN_SESSION_TIMEOUT_MS } from './node-settings.ts'

/** Starts the embedded broker in this process. Rejects with WorkbookError when a port cannot be had. */
export async function openEmbedded(
  options: Pick<EmbeddedOptions, 'nodes' | 'settings' | 'failoverDelayMs'>,
): Promise<Broker & Required<Pick<Broker, 'killNode'>>> {
  // Whoever has a broker elsewhere need not load this one.
  const { startEmbedded } = await import('./embedded/start.ts')
  const { bootstrap, stop, close } = await startEmbedded(options)
  return {
    kind: 'embedded',
    version: '4.x',
    minSessionTimeoutMs: MIN_SESSION_TIMEOUT_MS,
    bootstrap,
    note: null,
    killNode: stop,
    stop: close,
  }
}
