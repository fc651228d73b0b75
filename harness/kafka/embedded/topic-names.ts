import { Refusal } from './refusal.ts'

const MAX_LENGTH = 249

/** Topics that belong to the broker itself (org.apache.kafka.common.internals.Topic). */
const INTERNAL: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
])

export function isInternal(name: string): boolean {
  return INTERNAL.has(name)
}

/** Refuses a name that no topic may have, in the words of Topic.validate. */
export function checkTopicName(name: string): void {
  const problem = problemOf(name)
  if (problem !== null) throw new Refusal('INVALID_TOPIC_EXCEPTION', `Topic name is invalid: ${problem}`)
}

function problemOf(name: string): string | null {
  if (name === '') return 'the empty string is not allowed'
  if (name === '.' || name === '..') return `'${name}' is not allowed`
  if (name.length > MAX_LENGTH) {
    return `the length of '${name}' is longer than the max allowed length ${MAX_LENGTH}`
  }
  if (/^[a-zA-Z0-9._-]+$/.test(name)) return null
  return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
}

/** Names of metrics have `_` for `.`, so two topics may not differ in these characters alone. */
export function metricName(topic: string): string {
  return topic.replaceAll('.', '_')
}
