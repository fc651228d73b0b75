// What the checks are made of: intents, and what their lines have to do. Nothing to edit here.

import { expect } from 'vitest'
import { checksFor } from '#workbook/check'
import { type Meaning, meaningOf } from './command-line.golden.ts'
import type * as yours from './command-line.ts'
import type { CliIntent, Place, ToolIntent } from './command-line.ts'

export const check = checksFor<{ answer: typeof yours }>(import.meta.url)

export const here: Place = { server: 'localhost:9092', container: null }
export const inside: Place = { server: 'localhost:9092', container: 'kafka-kafka-1' }
export const orders = { topic: 'book-orders' }
export const group = 'inventory-service-group'

export const at = (place: Place, intent: ToolIntent): CliIntent => ({ ...intent, place })

/** All of an intent that a line can say. */
function asked(intent: CliIntent): Meaning {
  const { brokers, now, input, ...said } = intent as Meaning
  return said
}

export const mentions = (line: string[], text: string) => [line].flat().join('\n').includes(text)

/** The line does what the intent asks for, and nothing else. */
export function expectMeaning(line: string[], intent: CliIntent): void {
  expect(meaningOf(line), [line].flat().join(' ')).toEqual(asked(intent))
}
