Date.now = () => 0
performance.now = () => 0
globalThis.setTimeout = ((run: () => void) => void run()) as unknown as typeof setTimeout
globalThis.setImmediate = ((run: () => void) => void run()) as unknown as typeof setImmediate
