/**
 * The broker behind a test: the embedded one, or the one that WORKBOOK_TEST_BROKER names (`127.0.0.1:9092`), so that the same
 * tests run against real Kafka. `settings` are for the embedded one: they make it quick where Kafka's own take long.
 */
export async function testBroker(
  settings: Record<string, string> = {},
): Promise<{ bootstrap: string; close(): Promise<void> }> {
  const named = process.env.WORKBOOK_TEST_BROKER
  if (named) return { bootstrap: named, close: async () => {} }
  const { startEmbedded } = await import('../../kafka/embedded/start.ts')
  return startEmbedded({ settings })
}

let count = 0

/** A name for a topic or a group that no other test uses, on a broker that many runs may share. */
export function freshName(): string {
  count += 1
  return `wb-test-${process.pid}-${Date.now().toString(36)}-${count}`
}
