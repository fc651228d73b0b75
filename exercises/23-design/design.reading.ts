// What the rules are made of: the document as they get it. Nothing to edit here.

import { expect } from 'vitest'
import { checksFor } from '#workbook/check'
import { type UseCase, useCases } from './design.cases.ts'
import type * as scenes from './design.scenes.ts'
import type { ArchitectureDoc, TopicDesign } from './design.ts'

export const check = checksFor<{ scenes: typeof scenes }>(import.meta.url)

export const list = (names: string[] = []) => names.join(', ')

export interface Design extends Omit<ArchitectureDoc, 'useCase'> {
  useCase: UseCase
}

/** The document, once all of it can be read and names what there is. Sections that were not asked for are empty. */
export async function read(
  reading: PromiseLike<{ design: ArchitectureDoc; unclear: string[] }>,
): Promise<Design> {
  const { design, unclear } = await reading
  expect(unclear, 'what the document does not say clearly').toEqual([])
  const sections = { calls: [], topics: [], subscriptions: [], alternatives: [] }
  const whole = { ...sections, ...design, useCase: useCases[design.useCase] }
  expect(
    looseEnds(whole),
    `names that neither the use case "${design.useCase}" nor the document has`,
  ).toEqual([])
  return whole
}

/** What in a document leads nowhere. Facts and services that the use case does not have are welcome. */
function looseEnds({ useCase, calls, topics, subscriptions }: Design): string[] {
  const names = topics.map(({ name }) => name)
  const read = names.length === 0 ? [] : subscriptions.flatMap((one) => one.topics)
  const carrying = topics.filter((topic) => factsOf(topic).some((fact) => fact in useCase.facts))
  const keys = carrying.flatMap(({ key }) => (key === null ? [] : [key]))
  return [
    ...calls.filter((id) => !(id in useCase.questions) && !(id in useCase.needs)).map((id) => `call ${id}`),
    ...keys.filter((key) => !(key in useCase.fields)).map((key) => `key ${key}`),
    ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `a second topic ${name}`),
    ...read.filter((name) => !names.includes(name)).map((name) => `topic ${name}`),
  ]
}

export function factsOf({ events }: TopicDesign): string[] {
  return [...new Set(events.map(({ fact }) => fact))]
}
