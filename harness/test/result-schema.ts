import { readFileSync } from 'node:fs'

interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  pattern?: string
  minimum?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean
  items?: Schema
  $ref?: string
  $defs?: Record<string, Schema>
}

const schema = JSON.parse(readFileSync(new URL('../result.schema.json', import.meta.url), 'utf8')) as Schema

/** Where a value breaks harness/result.schema.json, as `path: reason`. It knows the keywords that the schema uses. */
export function schemaProblems(value: unknown, of: Schema = schema, at = '$'): string[] {
  if (of.$ref) return schemaProblems(value, schema.$defs?.[of.$ref.replace('#/$defs/', '')], at)
  const wrong: string[] = []
  if (of.type && !hasType(value, of.type)) return [`${at}: not of type ${of.type}`]
  if (of.const !== undefined && value !== of.const) wrong.push(`${at}: not ${of.const}`)
  if (of.enum && !of.enum.includes(value)) wrong.push(`${at}: ${value} is not one of ${of.enum}`)
  if (of.pattern && !new RegExp(of.pattern).test(String(value)))
    wrong.push(`${at}: ${value} does not match ${of.pattern}`)
  if (of.minimum !== undefined && Number(value) < of.minimum)
    wrong.push(`${at}: ${value} is below ${of.minimum}`)
  if (of.items)
    for (const [index, one] of (value as unknown[]).entries())
      wrong.push(...schemaProblems(one, of.items, `${at}[${index}]`))
  return [...wrong, ...(of.properties ? objectProblems(value as Record<string, unknown>, of, at) : [])]
}

function objectProblems(value: Record<string, unknown>, of: Schema, at: string): string[] {
  const properties = of.properties ?? {}
  const missing = (of.required ?? [])
    .filter((name) => value[name] === undefined)
    .map((name) => `${at}: ${name} is missing`)
  const present = Object.entries(value).filter(([, one]) => one !== undefined)
  const inside = present.flatMap(([name, one]) => {
    const part = properties[name]
    return part ? schemaProblems(one, part, `${at}.${name}`) : [`${at}: ${name} is not in the schema`]
  })
  return [...missing, ...inside]
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}
