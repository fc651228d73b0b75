import type { KeyRow, Question } from '../question.ts'
import { type KeyNumber, keyNumber } from './key-number.ts'
import { type Attributes, element } from './xml.ts'

/** QTI's response processing, so that it gives the points of `grade`. Variables: RESPONSE, SCORE, FEEDBACK, EXPLANATION. */
export function scoringRules(question: Question): string {
  const explained = setValue('EXPLANATION', baseValue('identifier', 'EXPLAINED'))
  return element('responseProcessing', {}, ...rules(question), explained)
}

function rules(question: Question): string[] {
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return [whenGiven(mapped(), setValue('FEEDBACK', variable('RESPONSE')))]
    case 'match':
      return [whenGiven(mapped())]
    case 'order':
      return [longestRun(question.items.length, question.points)]
    case 'numeric':
      return [firstRow(question, (row) => isNumber(keyNumber(row, question.unit)))]
    case 'text':
      return [firstRow(question, ({ wanted }) => matches(wordsPattern(wanted, question.isCaseExact)))]
    case 'output':
      return [when(matches(linesPattern(question.output)), score(question.points))]
  }
}

function mapped(): string {
  return setValue('SCORE', element('mapResponse', { identifier: 'RESPONSE' }))
}

/** The first row that fits gives its credit and its feedback. */
function firstRow(question: Question & { kind: 'numeric' | 'text' }, test: (row: KeyRow) => string): string {
  const branches = question.rows.map((row, index) =>
    element(
      index === 0 ? 'responseIf' : 'responseElseIf',
      {},
      test(row),
      score((row.credit / 100) * question.points),
      setValue('FEEDBACK', baseValue('identifier', rowId(index))),
    ),
  )
  return element('responseCondition', {}, ...branches)
}

/** A row without a bare number is refused before; no number equals it. */
function isNumber(key: KeyNumber | null): string {
  const { value, tolerance } = key ?? { value: Number.NaN, tolerance: 0 }
  const mode: Attributes =
    tolerance > 0
      ? { toleranceMode: 'absolute', tolerance: `${tolerance} ${tolerance}` }
      : { toleranceMode: 'exact' }
  return element('equal', mode, variable('RESPONSE'), baseValue('float', value))
}

export function rowId(index: number): string {
  return `row-${index + 1}`
}

export function itemId(index: number): string {
  return `item-${index + 1}`
}

/** Helpers for the longest run: what stands at a place, and the length of the longest run that ends there. */
export function runVariables(count: number): string[] {
  return Array.from({ length: count }, (_, at) => [itemAt(at), runAt(at)]).flat()
}

/** The longest run in the right order, place by place: longer by one than the longest before it that ends with less. */
function longestRun(count: number, points: number): string {
  const places = Array.from({ length: count }, (_, at) => at)
  const isComplete = element(
    'equal',
    { toleranceMode: 'exact' },
    element('containerSize', {}, variable('RESPONSE')),
    baseValue('integer', count),
  )
  const steps = places.flatMap((at) => [
    whichItem(at, count),
    setValue(runAt(at), baseValue('integer', 1)),
    ...places.slice(0, at).map((before) => extended(before, at)),
  ])
  const longest = element('max', {}, ...places.map((at) => variable(runAt(at))))
  const lessOne = element('subtract', {}, longest, baseValue('integer', 1))
  const share = element('divide', {}, lessOne, baseValue('integer', count - 1))
  const worth = element('product', {}, share, baseValue('float', points))
  return when(isComplete, ...steps, setValue('SCORE', worth))
}

function whichItem(at: number, count: number): string {
  const place = element('index', { n: at + 1 }, variable('RESPONSE'))
  const branches = Array.from({ length: count }, (_, item) =>
    element(
      item === 0 ? 'responseIf' : 'responseElseIf',
      {},
      element('match', {}, place, baseValue('identifier', itemId(item))),
      setValue(itemAt(at), baseValue('integer', item)),
    ),
  )
  return element('responseCondition', {}, ...branches)
}

function extended(before: number, at: number): string {
  const isLess = element('lt', {}, variable(itemAt(before)), variable(itemAt(at)))
  const longer = element('sum', {}, variable(runAt(before)), baseValue('integer', 1))
  return when(isLess, setValue(runAt(at), element('max', {}, variable(runAt(at)), longer)))
}

function itemAt(at: number): string {
  return `ITEM_${at + 1}`
}

function runAt(at: number): string {
  return `RUN_${at + 1}`
}

function whenGiven(...then: string[]): string {
  return when(element('not', {}, element('isNull', {}, variable('RESPONSE'))), ...then)
}

function when(condition: string, ...then: string[]): string {
  return element('responseCondition', {}, element('responseIf', {}, condition, ...then))
}

function score(points: number): string {
  return setValue('SCORE', baseValue('float', points))
}

function setValue(identifier: string, expression: string): string {
  return element('setOutcomeValue', { identifier }, expression)
}

function variable(identifier: string): string {
  return element('variable', { identifier })
}

function baseValue(baseType: 'float' | 'integer' | 'identifier', value: string | number): string {
  return element('baseValue', { baseType }, `${value}`)
}

function matches(pattern: string): string {
  return element('patternMatch', { pattern }, variable('RESPONSE'))
}

/** Blanks at the ends and between words do not count, nor do capital letters unless they are meant to. */
function wordsPattern(text: string, isCaseExact: boolean): string {
  const words = text.normalize('NFC').trim().split(/\s+/)
  return `\\s*${words.map((word) => literal(word, isCaseExact)).join('\\s+')}\\s*`
}

/** Line by line; blanks at the ends of lines, and lines at the end, do not count. */
function linesPattern(output: string): string {
  const lines = output.trimEnd().split('\n')
  return `${lines.map((line) => literal(line.trimEnd(), true)).join('[ \\t]*\\r?\\n')}\\s*`
}

/** As a regular expression of XML Schema (part 2, appendix F): anchored at both ends, and without a flag for case. */
function literal(text: string, isCaseExact: boolean): string {
  return Array.from(text, (one) => {
    const [small, capital] = [one.toLowerCase(), one.toUpperCase()]
    if (!isCaseExact && small !== capital) return `[${small}${capital}]`
    if (one === '\t') return '\\t'
    // A dollar means nothing there, and the end of the text to engines that hand the pattern on to Perl's rules.
    if (one === '$') return '[$]'
    return /[\\.?*+{}()[\]|^]/.test(one) ? `\\${one}` : one
  }).join('')
}
