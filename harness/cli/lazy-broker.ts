import { startBroker } from '../kafka/start.ts'

/** A broker that starts when the first program asks for it. */
export function lazyBroker(root: string, onProgress: (line: string) => void) {
  let started: ReturnType<typeof startBroker> | undefined
  return {
    async address() {
      started ??= startBroker('embedded', { root, onProgress })
      return (await started).bootstrap
    },
    async stop() {
      await (await started)?.stop()
    },
  }
}
