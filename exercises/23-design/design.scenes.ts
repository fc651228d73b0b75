import type { Stage } from '#workbook/check'
import { type ArchitectureDoc, design, type Subscription, type TopicDesign } from './design.ts'

type Section = Exclude<keyof ArchitectureDoc, 'useCase'>

/** Your design at a glance: what is called, what lies in which topic, and who reads it. */
export async function drawing() {
  console.log(`use case   ${design.useCase}`)
  draw('calls', () => console.log(`calls      ${design.calls.join(', ') || 'none'}\n`))
  draw('topics', () => {
    for (const topic of design.topics) drawTopic(topic)
  })
  draw('alternatives', () => {
    for (const { instead, inFavour, against } of design.alternatives)
      console.log(`instead    ${instead}\n  +        ${inFavour}\n  -        ${against}`)
  })
}

function drawTopic(topic: TopicDesign) {
  const { name, partitions, key, replicationFactor, minInsyncReplicas, acks, cleanup, keepDays } = topic
  const copies = `${replicationFactor} replicas, ${minInsyncReplicas} in sync, acks ${acks}`
  const kept = keepDays === 'forever' ? 'kept forever' : `${keepDays} days, then ${cleanup}`
  console.log(`${name}   ${partitions} partitions by ${key ?? 'no key'} · ${copies} · ${kept}`)
  for (const { type, sent } of topic.events) console.log(`  <- ${type.padEnd(20)} ${sent}`)
  draw('subscriptions', () => {
    for (const subscription of design.subscriptions)
      if (subscription.topics.includes(name)) drawReader(subscription)
  })
  console.log()
}

function drawReader({ service, group, copies, effect, repeats, failing }: Subscription) {
  const shown = copies === 'each' ? `${group} (one for each copy)` : group
  console.log(`  -> ${service.padEnd(20)} ${shown} · ${effect}, ${repeats} · ${failing}`)
}

/** A part that is not written yet does not keep the rest from being drawn. */
function draw(section: Section, part: () => void) {
  try {
    part()
  } catch (error) {
    if (!String(error).startsWith('Error: TODO')) throw error
    console.log(`${section.padEnd(14)} not written yet`)
  }
}

/** The sections that a check asks for, and what cannot be read in them. */
export async function read({ given = ['calls', 'topics', 'subscriptions', 'alternatives'] }: Given) {
  const wanted = ['useCase', ...given] as const
  const unclear = wanted.flatMap((section) => shapes[section](design[section], section))
  const written = Object.fromEntries(wanted.map((section) => [section, design[section]]))
  return { design: written as unknown as ArchitectureDoc, unclear }
}

type Given = Pick<Stage<Section[]>, 'given'>

/** Says where a value is not what the types of the document ask for. */
type Shape = (value: unknown, place: string) => string[]

const is = (what: string, holds: (value: unknown) => boolean): Shape => {
  return (value, place) => (holds(value) ? [] : [`${place} should be ${what}`])
}

const oneOf = (...allowed: unknown[]) =>
  is(`one of ${allowed.join(', ')}`, (value) => allowed.includes(value))

const listOf = (shape: Shape): Shape => {
  return (value, place) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => shape(item, `${place}[${index}]`))
      : [`${place} should be a list`]
}

const fields = (shapeOf: Record<string, Shape>): Shape => {
  return (value, place) => {
    const item = Object(value) as Record<string, unknown>
    return Object.entries(shapeOf).flatMap(([name, shape]) => shape(item[name], `${place}.${name}`))
  }
}

const text = is('a text', (value) => typeof value === 'string')
const name = is('a name', (value) => typeof value === 'string' && value.trim() !== '')
const count = is('a whole number from 1', (value) => Number.isInteger(value) && Number(value) >= 1)
const days = is("a number of days, or 'forever'", (value) => {
  return value === 'forever' || (typeof value === 'number' && value >= 0)
})

const shapes: Record<keyof ArchitectureDoc, Shape> = {
  useCase: oneOf('orders', 'clicks', 'catalogue'),
  calls: listOf(name),
  topics: listOf(
    fields({
      name,
      events: listOf(
        fields({
          fact: name,
          type: name,
          sent: oneOf('send-only', 'write-then-send', 'send-then-write', 'outbox', 'change-capture'),
        }),
      ),
      key: is('a field of the use case, or null', (value) => value === null || typeof value === 'string'),
      whyKey: text,
      order: oneOf('none', 'per-key', 'whole-topic'),
      partitions: count,
      replicationFactor: count,
      minInsyncReplicas: count,
      acks: oneOf(0, 1, -1, 'all'),
      cleanup: oneOf('delete', 'compact'),
      keepDays: days,
    }),
  ),
  subscriptions: listOf(
    fields({
      service: name,
      topics: listOf(name),
      group: name,
      copies: oneOf('share', 'each'),
      effect: oneOf('at-most-once', 'at-least-once', 'exactly-once'),
      repeats: oneOf('by-id', 'other-side', 'same-again', 'done-twice'),
      failing: oneOf('dead-letter', 'stop', 'skip', 'repeat'),
    }),
  ),
  alternatives: listOf(fields({ instead: name, inFavour: text, against: text })),
}
