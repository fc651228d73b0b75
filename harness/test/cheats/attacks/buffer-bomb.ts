// At most 2 GB: more than any limit here, and less than what the machine has.
export async function produceEvent(): Promise<never> {
  const all = Array.from({ length: 200 }, () => Buffer.alloc(10_000_000, 1))
  return new Promise(() => setInterval(() => all.length, 1000))
}
