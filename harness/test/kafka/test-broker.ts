/**
 * The broker behind a test: the embedded one, or the one that WORKBOOK_TEST_BROKER names (`127.0.0.1:9092`), so that the same
 * tests run against real Kafka.
 */
export async function testBroker(): Promise<{ bootstrap: string; close(): Promise<void> }> {
  const named = process.env.WORKBOOK_TEST_BROKER
  if (named) return { bootstrap: named, close: async () => {} }
  const { startEmbedded } = await import('../../kafka/embedded/start.ts')
  return startEmbedded()
}

let count = 0

/** A name for a topic or a group that no other test uses, on a broker that many runs may share. */
export function freshName(): string {
  count += 1
  return `wb-test-${process.pid}-${Date.now().toString(36)}-${count}`
}
