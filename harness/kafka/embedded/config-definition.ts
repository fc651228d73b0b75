import { Refusal } from './refusal.ts'

/** The types of DescribeConfigs with their numbers on the wire (ConfigDef.Type, DescribeConfigsResponse.ConfigType). */
export const CONFIG_TYPES = { BOOLEAN: 1, STRING: 2, INT: 3, LONG: 5, DOUBLE: 6, LIST: 7 } as const

export interface ConfigDefinition {
  type: keyof typeof CONFIG_TYPES
  /** Kafka's default. */
  default: string
  min?: number
  max?: number
  /** The words that a STRING, or each item of a LIST, may be. */
  oneOf?: readonly string[]
}

const LIMITS = { INT: [-(2n ** 31n), 2n ** 31n - 1n], LONG: [-(2n ** 63n), 2n ** 63n - 1n] } as const

/** Refuses, in the words of Kafka's ConfigDef, a value that `definition` does not allow. */
export function checkConfig(name: string, definition: ConfigDefinition, value: string): void {
  for (const part of definition.type === 'LIST' ? listItems(value) : [value.trim()]) {
    const problem = problemOf(definition, part)
    if (problem === null) continue
    throw new Refusal(
      'INVALID_CONFIG',
      `Invalid value ${shown(definition, part)} for configuration ${name}: ${problem}`,
    )
  }
}

function problemOf(definition: ConfigDefinition, value: string): string | null {
  switch (definition.type) {
    case 'BOOLEAN':
      return /^(true|false)$/i.test(value) ? null : 'Expected value to be either true or false'
    case 'STRING':
    case 'LIST':
      return wordProblem(definition, value)
    case 'DOUBLE':
      return value === '' || Number.isNaN(Number(value))
        ? 'Not a number of type DOUBLE'
        : rangeProblem(definition, Number(value))
    default:
      return integerProblem(definition.type, definition, value)
  }
}

function integerProblem(type: 'INT' | 'LONG', definition: ConfigDefinition, value: string): string | null {
  const [lowest, highest] = LIMITS[type]
  const number = /^[+-]?\d{1,30}$/.test(value) ? BigInt(value.replace('+', '')) : null
  if (number === null || number < lowest || number > highest) return `Not a number of type ${type}`
  return rangeProblem(definition, Number(number))
}

function rangeProblem({ min, max }: ConfigDefinition, value: number): string | null {
  if (min !== undefined && value < min) return `Value must be at least ${min}`
  if (max !== undefined && value > max) return `Value must be no more than ${max}`
  return null
}

function wordProblem({ oneOf }: ConfigDefinition, word: string): string | null {
  return !oneOf || oneOf.includes(word) ? null : `String must be one of: ${oneOf.join(', ')}`
}

/** Java shows a whole number that is a DOUBLE with its `.0`. */
function shown({ type }: ConfigDefinition, value: string): string {
  return type === 'DOUBLE' && Number.isInteger(Number(value)) ? Number(value).toFixed(1) : value
}

/** The items of a LIST value: split at commas, without spaces; an empty value has none. */
export function listItems(value: string): string[] {
  return value.trim() === '' ? [] : value.split(',').map((item) => item.trim())
}

/** Values of settings by Kafka's property names. */
export type Settings = Readonly<Record<string, string>>
