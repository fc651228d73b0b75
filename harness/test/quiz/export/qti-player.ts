import { allOf, elementsOf, textOf, type XmlElement } from './read-xml.ts'

/** A value of QTI: null is NULL, and an array is a container. */
export type QtiValue = number | string | boolean | string[] | null

/**
 * Runs the response processing of an item on one response, by the QTI 2.1 information model, sections 8 and 15; the expressions
 * that the export uses. What comes out are the outcome variables.
 */
export function play(item: XmlElement, response: QtiValue): Map<string, QtiValue> {
  const variables = new Map<string, QtiValue>([['RESPONSE', response]])
  for (const declaration of allOf(item, 'outcomeDeclaration')) {
    const [start] = allOf(declaration, 'value')
    variables.set(declaration.attributes.identifier as string, start ? Number(textOf(start)) : null)
  }
  const [mapping] = allOf(item, 'mapping')
  const [processing] = allOf(item, 'responseProcessing')
  if (!processing) throw new Error('the item is not graded')
  for (const rule of elementsOf(processing)) runRule(rule, variables, mapping)
  return variables
}

type Variables = Map<string, QtiValue>

function runRule(rule: XmlElement, variables: Variables, mapping: XmlElement | undefined): void {
  if (rule.name === 'setOutcomeValue') {
    const [expression] = elementsOf(rule) as [XmlElement]
    variables.set(rule.attributes.identifier as string, evaluate(expression, variables, mapping))
    return
  }
  for (const branch of elementsOf(rule)) {
    const [condition, ...then] = elementsOf(branch) as [XmlElement, ...XmlElement[]]
    if (evaluate(condition, variables, mapping) !== true) continue
    for (const one of then) runRule(one, variables, mapping)
    return
  }
}

function evaluate(expression: XmlElement, variables: Variables, mapping: XmlElement | undefined): QtiValue {
  const { name, attributes } = expression
  const operands = elementsOf(expression).map((child) => evaluate(child, variables, mapping))
  const [first = null] = operands
  if (name === 'variable') return known(variables, attributes.identifier as string)
  if (name === 'baseValue') {
    return attributes.baseType === 'identifier' ? textOf(expression) : Number(textOf(expression))
  }
  if (name === 'mapResponse') return mapped(known(variables, 'RESPONSE'), mapping as XmlElement)
  if (name === 'isNull') return first === null || (Array.isArray(first) && first.length === 0)
  if (name === 'containerSize') return Array.isArray(first) ? first.length : 0
  if (operands.includes(null)) return null
  if (name === 'not') return !first
  if (name === 'index') return (first as string[])[Number(attributes.n) - 1] ?? null
  if (name === 'match') return first === operands[1]
  if (name === 'patternMatch') return new RegExp(`^(?:${attributes.pattern})$`, 'u').test(first as string)
  return arithmetic(expression, operands as number[])
}

function arithmetic({ name, attributes }: XmlElement, numbers: number[]): QtiValue {
  const [a = Number.NaN, b = Number.NaN] = numbers
  switch (name) {
    case 'equal': {
      const [below = 0, above = below] = (attributes.tolerance ?? '0').split(' ').map(Number)
      return attributes.toleranceMode === 'absolute' ? b >= a - below && b <= a + above : a === b
    }
    case 'lt':
      return a < b
    case 'sum':
      return numbers.reduce((sum, one) => sum + one, 0)
    case 'product':
      return numbers.reduce((product, one) => product * one, 1)
    case 'subtract':
      return a - b
    case 'divide':
      return a / b
    case 'max':
      return Math.max(...numbers)
    default:
      throw new Error(`the player has no <${name}>`)
  }
}

function known(variables: Variables, identifier: string): QtiValue {
  const value = variables.get(identifier)
  if (value === undefined) throw new Error(`${identifier} is not declared`)
  return value
}

function mapped(response: QtiValue, mapping: XmlElement): number {
  const values = new Map(
    allOf(mapping, 'mapEntry').map(({ attributes }) => [attributes.mapKey, Number(attributes.mappedValue)]),
  )
  const { lowerBound, upperBound, defaultValue } = mapping.attributes
  const keys = new Set(Array.isArray(response) ? response : [`${response}`])
  const sum = [...keys].reduce((total, key) => total + (values.get(key) ?? Number(defaultValue)), 0)
  return Math.min(Number(upperBound), Math.max(Number(lowerBound), sum))
}
