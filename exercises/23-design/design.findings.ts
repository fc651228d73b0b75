// What follows from a design and the numbers of its use case. Nothing to edit here.

import { type Need, ROOM_PERCENT, type UseCase, WRITTEN_PER_PARTITION } from './design.cases.ts'
import type { ArchitectureDoc, Subscription, TopicDesign } from './design.ts'

export interface Design extends Omit<ArchitectureDoc, 'useCase'> {
  useCase: UseCase
}

/** A need that is met by reading. */
export interface Reader {
  id: string
  need: Need
  /** Of the subscriptions of its service and of their topics, those that bring one of its facts. */
  subscriptions: Subscription[]
  topics: TopicDesign[]
}

export function readersOf({ useCase, calls, topics, subscriptions }: Design): Reader[] {
  const read = Object.entries(useCase.needs).filter(([id]) => !calls.includes(id))
  return read.map(([id, need]) => {
    const useful = topics.filter((topic) => factsOf(topic).some((fact) => need.facts.includes(fact)))
    const own = subscriptions.filter(({ service }) => service === need.service)
    return {
      id,
      need,
      subscriptions: own.filter((one) => useful.some(({ name }) => one.topics.includes(name))),
      topics: useful.filter(({ name }) => own.some((one) => one.topics.includes(name))),
    }
  })
}

/** Every reader with every subscription that brings it facts. */
export function handlings(design: Design) {
  return readersOf(design).flatMap((reader) =>
    reader.subscriptions.map((subscription) => ({ ...reader, subscription })),
  )
}

export function factsOf({ events }: TopicDesign): string[] {
  return [...new Set(events.map(({ fact }) => fact))]
}

/** The facts of a topic that must not be lost. */
export function importantFacts(topic: TopicDesign, { facts }: UseCase): string[] {
  return factsOf(topic).filter((fact) => facts[fact]?.mustNotBeLost)
}

/** Needs for a fact that no topic brings. */
export function lackings(design: Design) {
  return readersOf(design).flatMap(({ id, need, topics }) =>
    need.facts
      .filter((fact) => !topics.some((topic) => factsOf(topic).includes(fact)))
      .map((fact) => ({ id, service: need.service, fact })),
  )
}

/** Two services that have a group in common. */
export function sharedGroups({ subscriptions }: Design) {
  return subscriptions.flatMap((one) =>
    subscriptions
      .filter((other) => other.group === one.group && other.service !== one.service)
      .map((other) => ({ group: one.group, services: [one.service, other.service] })),
  )
}

/** Facts that have to keep their order, in a topic whose key spreads them over its partitions. */
export function scatterings({ topics, useCase }: Design) {
  const placed = topics.flatMap((topic) => factsOf(topic).map((fact) => ({ topic, fact })))
  return placed.flatMap(({ topic, fact }) => {
    const field = useCase.streams[useCase.facts[fact]?.stream ?? ''] ?? null
    const together = topic.partitions === 1 || useCase.fields[topic.key ?? '']?.keeps.includes(field ?? '')
    return field === null || together ? [] : [{ topic, fact, field }]
  })
}

/** Readers who need facts in order, and get them from no topic that has them all. */
export function tornStreams(design: Design) {
  const streamOf = (fact: string) => design.useCase.facts[fact]?.stream
  return readersOf(design).filter(({ need, topics }) =>
    need.facts.some((fact) => {
      const all = need.facts.filter((other) => streamOf(other) === streamOf(fact))
      return !topics.some((topic) => all.every((one) => factsOf(topic).includes(one)))
    }),
  )
}

/** Records per second that a partition has to carry in the busiest minute, with headroom, for its writers and each reader. */
export function flows(design: Design) {
  const { topics, useCase } = design
  const written = topics.map((topic) => {
    return { topic, facts: factsOf(topic), each: WRITTEN_PER_PARTITION, who: 'its producers' }
  })
  const handled = readersOf(design).flatMap(({ topics, need }) =>
    topics.map((topic) => ({
      topic,
      facts: need.facts.filter((fact) => factsOf(topic).includes(fact)),
      each: need.handledPerSecond,
      who: need.service,
    })),
  )
  return [...written, ...handled].map(({ facts, ...flow }) => {
    const peak = facts.reduce((sum, fact) => sum + (useCase.facts[fact]?.peakPerSecond ?? 0), 0)
    const load = (peak * ROOM_PERCENT) / 100
    const { busiest = 0 } = useCase.fields[flow.topic.key ?? ''] ?? {}
    return { ...flow, load, ofOneKey: (load * busiest) / 100 }
  })
}

/** Readers who go back further than every topic of theirs does. */
export function forgettings(design: Design) {
  return readersOf(design).flatMap(({ need, topics }) =>
    need.facts.flatMap((fact) => {
      const days = 'days' in need.goesBack ? need.goesBack.days : 0
      const carrying = topics.filter((topic) => factsOf(topic).includes(fact))
      const [topic] = carrying
      const enough = carrying.some((one) => daysKept(one) >= days)
      return topic === undefined || enough ? [] : [{ service: need.service, fact, days, topic }]
    }),
  )
}

/** How long every record of a topic stays for sure. */
function daysKept({ keepDays, cleanup, key }: TopicDesign): number {
  // Compaction keeps the last record of each key, and an event id is never used again.
  const everlasting = keepDays === 'forever' || (cleanup === 'compact' && key === 'eventId')
  return everlasting ? Number.POSITIVE_INFINITY : keepDays
}

/** Readers who need the latest record of each key, with a topic of theirs, where none of their topics has it for ever. */
export function lostLatest(design: Design) {
  return readersOf(design).flatMap(({ id, need, topics }) => {
    if (!('latest' in need.goesBack)) return []
    const { latest: field } = need.goesBack
    const keeps = (topic: TopicDesign) =>
      topic.keepDays === 'forever' ||
      (topic.cleanup === 'compact' &&
        topic.key === field &&
        factsOf(topic).every((fact) => need.facts.includes(fact)))
    const [topic] = topics
    return topic === undefined || topics.some(keeps) ? [] : [{ id, need, field, topic }]
  })
}

/** What tells the second time, by the place where an effect is. In a copy of what the event says, it changes nothing. */
const RECOGNISING: Record<Need['effect'], Subscription['repeats'][]> = {
  database: ['by-id', 'other-side'],
  provider: ['other-side'],
  mail: [],
  copy: ['by-id', 'other-side', 'same-again', 'done-twice'],
}

export function isRecognised(need: Need, { repeats }: Subscription): boolean {
  return RECOGNISING[need.effect].includes(repeats)
}

/** What in a document leads nowhere. Nothing is asked of sections that are not there. */
export function looseEnds({ useCase, calls, topics, subscriptions }: Design): string[] {
  const services = Object.values(useCase.needs).map(({ service }) => service)
  const names = topics.map(({ name }) => name)
  const read = names.length === 0 ? [] : subscriptions.flatMap((one) => one.topics)
  return [
    ...calls.filter((id) => !(id in useCase.questions) && !(id in useCase.needs)).map((id) => `call ${id}`),
    ...topics
      .flatMap(factsOf)
      .filter((fact) => !(fact in useCase.facts))
      .map((fact) => `fact ${fact}`),
    ...topics.flatMap(({ key }) => (key === null || key in useCase.fields ? [] : [`key ${key}`])),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `a second topic ${name}`),
    ...subscriptions.flatMap(({ service }) => (services.includes(service) ? [] : [`service ${service}`])),
    ...read.filter((name) => !names.includes(name)).map((name) => `topic ${name}`),
  ]
}

const VERBS =
  /^(add|cancel|change|charge|confirm|create|delete|give|handle|make|notify|pay|place|process|publish|refund|refuse|remove|reserve|save|send|set|settle|show|store|submit|suggest|tell|track|update|view|withdraw)$/
const THINGS =
  /^(book|card|consent|copie|email|index|mail|order|page|payment|price|reader|receipt|stock|suggestion|user)s?$/
const DONE = /ed$|^(made|paid|sent|set|shown|told|withdrawn)$/

/** Whether a type is an order to somebody: first a verb, last the thing to do it with, and nothing done. */
export function isCommand(type: string): boolean {
  const spaced = type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  const [first = '', ...others] = spaced.match(/[a-z]+/g) ?? []
  return VERBS.test(first) && THINGS.test(others.at(-1) ?? '') && !others.some((word) => DONE.test(word))
}
