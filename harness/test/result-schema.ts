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
  oneOf?: Schema[]
  $ref?: string
  $defs?: Record<string, Schema>
}

type SchemaFile = 'result.schema.json' | 'grades.schema.json'

/** Where a value breaks one of the schemas in harness/, as `path: reason`. It knows the keywords that they use. */
export function schemaProblems(value: unknown, file: SchemaFile = 'result.schema.json'): string[] {
  return problemsOf(value, readSchema(file), file, '$')
}

const read = new Map<string, Schema>()

function readSchema(file: string): Schema {
  const schema =
    read.get(file) ?? (JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')) as Schema)
  read.set(file, schema)
  return schema
}

function problemsOf(value: unknown, of: Schema, file: string, at: string): string[] {
  if (of.$ref) {
    const [other, name = ''] = of.$ref.split('#/$defs/')
    const target = other || file
    return problemsOf(value, readSchema(target).$defs?.[name] ?? { const: of.$ref }, target, at)
  }
  const wrong: string[] = []
  if (of.type && !hasType(value, of.type)) return [`${at}: not of type ${of.type}`]
  if (of.oneOf) wrong.push(...choiceProblems(value, of.oneOf, file, at))
  if (of.const !== undefined && value !== of.const) wrong.push(`${at}: not ${of.const}`)
  if (of.enum && !of.enum.includes(value)) wrong.push(`${at}: ${value} is not one of ${of.enum}`)
  if (of.pattern && !new RegExp(of.pattern).test(String(value)))
    wrong.push(`${at}: ${value} does not match ${of.pattern}`)
  if (of.minimum !== undefined && Number(value) < of.minimum)
    wrong.push(`${at}: ${value} is below ${of.minimum}`)
  if (of.items)
    for (const [index, one] of (value as unknown[]).entries())
      wrong.push(...problemsOf(one, of.items, file, `${at}[${index}]`))
  return of.properties ? [...wrong, ...objectProblems(value as Record<string, unknown>, of, file, at)] : wrong
}

/** Exactly one choice must fit; where none does, the problems of the one that comes nearest. */
function choiceProblems(value: unknown, choices: Schema[], file: string, at: string): string[] {
  const tried = choices.map((one) => problemsOf(value, one, file, at)).sort((a, b) => a.length - b.length)
  const fitting = tried.filter((problems) => problems.length === 0).length
  if (fitting === 1) return []
  return fitting > 1 ? [`${at}: fits ${fitting} choices`] : (tried[0] ?? [])
}

function objectProblems(value: Record<string, unknown>, of: Schema, file: string, at: string): string[] {
  const properties = of.properties ?? {}
  const missing = (of.required ?? [])
    .filter((name) => value[name] === undefined)
    .map((name) => `${at}: ${name} is missing`)
  const present = Object.entries(value).filter(([, one]) => one !== undefined)
  const inside = present.flatMap(([name, one]) => {
    const part = properties[name]
    return part ? problemsOf(one, part, file, `${at}.${name}`) : [`${at}: ${name} is not in the schema`]
  })
  return [...missing, ...inside]
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'null') return value === null
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}
