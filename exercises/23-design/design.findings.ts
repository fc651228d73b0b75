// What follows from a design and the numbers of its use case. Nothing to edit here.

import { type Need, ROOM_PERCENT, type UseCase, WRITTEN_PER_PARTITION } from './design.cases.ts'
import { type Design, factsOf } from './design.reading.ts'
import type { Subscription, TopicDesign } from './design.ts'

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

/** Facts that a reader needs in order, and gets from no topic that has them all. */
export function tornStreams(design: Design) {
  const streamOf = (fact: string) => design.useCase.facts[fact]?.stream
  return readersOf(design).flatMap(({ need, topics }) =>
    need.facts
      .map((fact) => need.facts.filter((other) => streamOf(other) === streamOf(fact)))
      .filter((facts) => !topics.some((topic) => facts.every((fact) => factsOf(topic).includes(fact))))
      .map((facts) => ({ service: need.service, facts })),
  )
}

/**
 * Records per second in the busiest minute, with headroom: for the producers of each topic, and for each reader of it. `each`
 * is what they can do on one partition. First the one who needs the most partitions.
 */
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
  const all = [...written, ...handled].map(({ facts, ...flow }) => {
    const peak = facts.reduce((sum, fact) => sum + (useCase.facts[fact]?.peakPerSecond ?? 0), 0)
    const load = (peak * ROOM_PERCENT) / 100
    const { busiest = 0 } = useCase.fields[flow.topic.key ?? ''] ?? {}
    return { ...flow, load, ofOneKey: (load * busiest) / 100 }
  })
  return all.sort((one, other) => other.load / other.each - one.load / one.each)
}

/** Readers who go back further than every topic of theirs does, the one who goes furthest first. */
export function forgettings(design: Design) {
  const all = readersOf(design).flatMap(({ need, topics }) =>
    need.facts.flatMap((fact) => {
      const days = 'days' in need.goesBack ? need.goesBack.days : 0
      const carrying = topics.filter((topic) => factsOf(topic).includes(fact))
      const [topic] = carrying
      const enough = carrying.some((one) => daysKept(one) >= days)
      return topic === undefined || enough ? [] : [{ service: need.service, fact, days, topic }]
    }),
  )
  return all.sort((one, other) => other.days - one.days)
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
      daysKept(topic) === Number.POSITIVE_INFINITY ||
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

/** Why what is not recognised cannot be. */
export const EFFECTS: Record<Need['effect'], string> = {
  database: 'It adds to what is there, and does not see that it was there before.',
  provider: 'It takes place at somebody else, in no transaction with anything that we note.',
  mail: 'No mail is in a transaction with what we note, and the mail server does not look at ids.',
  copy: '',
}

export function isRecognised(need: Need, { repeats }: Subscription): boolean {
  return RECOGNISING[need.effect].includes(repeats)
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

/** A text that is shorter says nothing; what a longer one says is for people to judge. */
const FEWEST_CHARACTERS = 20

export function isReason(text: string): boolean {
  return text.trim().length >= FEWEST_CHARACTERS && !text.trim().startsWith('TODO')
}
