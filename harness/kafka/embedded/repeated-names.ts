/** The names that come more than once. Kafka refuses such topics with INVALID_REQUEST and serves the others. */
export function namedTwice(topics: readonly { name: string }[]): Set<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { name } of topics) {
    if (seen.has(name)) repeated.add(name)
    seen.add(name)
  }
  return repeated
}
