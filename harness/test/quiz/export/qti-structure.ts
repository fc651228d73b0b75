import { elementsOf, type XmlElement } from './read-xml.ts'

/** What an element may be like: a rule of the schema, for the elements that the export writes. */
interface Rule {
  required: string[]
  optional?: string[]
  /** Over the names of the children, each with a blank behind it. */
  content: RegExp
  hasText?: boolean
}

const INLINE = 'a|code|em|strong|textEntryInteraction'
const BLOCK = 'p|pre|ul|ol|table|blockquote'
const FLOW = `${INLINE}|${BLOCK}`
const EXPRESSION = [
  ...[
    'baseValue',
    'containerSize',
    'divide',
    'equal',
    'index',
    'isNull',
    'lt',
    'mapResponse',
    'match',
    'max',
  ],
  ...['not', 'patternMatch', 'product', 'subtract', 'sum', 'variable'],
].join('|')
const RULE = 'responseCondition|setOutcomeValue'

const some = (names: string) => new RegExp(`^((${names}) )*$`)
const count = (names: string, from: number, to: number | '' = from) =>
  new RegExp(`^((${names}) ){${from},${to}}$`)

const inline: Rule = { required: [], content: some(INLINE), hasText: true }
const flow: Rule = { required: [], content: some(FLOW), hasText: true }
const items: Rule = { required: [], content: some('li') }
const pair: Rule = { required: [], content: count(EXPRESSION, 2) }
const one: Rule = { required: [], content: count(EXPRESSION, 1) }
const many: Rule = { required: [], content: count(EXPRESSION, 1, '') }
const empty = /^$/
const branch = new RegExp(`^(${EXPRESSION}) ((${RULE}) )*$`)

/** The types of imsqti_v2p1.xsd (IMS Global, 31 July 2012), written down by hand: the schema itself is not part of this. */
const ITEM: Record<string, Rule> = {
  assessmentItem: {
    required: ['identifier', 'title', 'timeDependent'],
    optional: ['adaptive', 'xmlns', 'xmlns:xsi', 'xsi:schemaLocation'],
    content:
      /^(responseDeclaration )*(outcomeDeclaration )*(itemBody )?(responseProcessing )?(modalFeedback )*$/,
  },
  responseDeclaration: {
    required: ['identifier', 'cardinality', 'baseType'],
    content: /^(correctResponse )?(mapping )?$/,
  },
  outcomeDeclaration: {
    required: ['identifier', 'cardinality', 'baseType'],
    optional: ['normalMaximum', 'normalMinimum'],
    content: /^(defaultValue )?$/,
  },
  correctResponse: { required: [], content: /^(value )+$/ },
  defaultValue: { required: [], content: /^(value )+$/ },
  value: { required: [], content: empty, hasText: true },
  mapping: {
    required: [],
    optional: ['lowerBound', 'upperBound', 'defaultValue'],
    content: /^(mapEntry )+$/,
  },
  mapEntry: { required: ['mapKey', 'mappedValue'], content: empty },
  itemBody: {
    required: [],
    content: count(
      `${BLOCK}|infoControl|choiceInteraction|orderInteraction|matchInteraction|extendedTextInteraction`,
      1,
      '',
    ),
  },
  infoControl: { ...flow, required: ['title'] },
  choiceInteraction: {
    required: ['responseIdentifier'],
    optional: ['shuffle', 'maxChoices'],
    content: /^(simpleChoice )+$/,
  },
  orderInteraction: {
    required: ['responseIdentifier'],
    optional: ['shuffle'],
    content: /^(simpleChoice )+$/,
  },
  simpleChoice: { ...flow, required: ['identifier'] },
  matchInteraction: {
    required: ['responseIdentifier'],
    optional: ['shuffle', 'maxAssociations'],
    content: /^simpleMatchSet simpleMatchSet $/,
  },
  simpleMatchSet: { required: [], content: some('simpleAssociableChoice') },
  simpleAssociableChoice: { ...flow, required: ['identifier', 'matchMax'] },
  textEntryInteraction: { required: ['responseIdentifier'], optional: ['expectedLength'], content: empty },
  extendedTextInteraction: {
    required: ['responseIdentifier'],
    optional: ['expectedLines', 'format'],
    content: empty,
  },
  modalFeedback: { ...flow, required: ['outcomeIdentifier', 'identifier', 'showHide'] },
  responseProcessing: { required: [], content: some(RULE) },
  responseCondition: { required: [], content: /^responseIf (responseElseIf )*(responseElse )?$/ },
  responseIf: { required: [], content: branch },
  responseElseIf: { required: [], content: branch },
  setOutcomeValue: { ...one, required: ['identifier'] },
  baseValue: { required: ['baseType'], content: empty, hasText: true },
  variable: { required: ['identifier'], content: empty },
  mapResponse: { required: ['identifier'], content: empty },
  equal: { ...pair, optional: ['toleranceMode', 'tolerance'] },
  patternMatch: { ...one, required: ['pattern'] },
  index: { ...one, required: ['n'] },
  ...{ match: pair, lt: pair, subtract: pair, divide: pair },
  ...{ not: one, isNull: one, containerSize: one, max: many, sum: many, product: many },
  ...{ p: inline, pre: inline, code: inline, em: inline, strong: inline, ul: items, ol: items },
  a: { ...inline, required: ['href'] },
  li: flow,
  blockquote: { required: [], content: some(BLOCK) },
  table: { required: [], content: /^tbody $/ },
  tbody: { required: [], content: /^(tr )+$/ },
  tr: { required: [], content: some('th|td') },
  ...{ th: flow, td: flow },
}

/** imscp_v1p1.xsd, as QTI 2.1 uses it. */
const MANIFEST: Record<string, Rule> = {
  manifest: {
    required: ['identifier'],
    optional: ['xmlns', 'xmlns:xsi', 'xsi:schemaLocation'],
    content: /^metadata organizations resources $/,
  },
  metadata: { required: [], content: /^schema schemaversion $/ },
  schema: { required: [], content: empty, hasText: true },
  schemaversion: { required: [], content: empty, hasText: true },
  organizations: { required: [], content: empty },
  resources: { required: [], content: /^(resource )*$/ },
  resource: { required: ['identifier', 'type', 'href'], content: /^(file )+$/ },
  file: { required: ['href'], content: empty },
}

export const itemProblems = (root: XmlElement) => problems(root, ITEM)
export const manifestProblems = (root: XmlElement) => problems(root, MANIFEST)

/** Everything in which an element and what is below it differ from the rules. */
function problems(element: XmlElement, rules: Record<string, Rule>): string[] {
  const { name, attributes, children } = element
  const rule = rules[name]
  if (!rule) return [`<${name}> is not known`]
  const known = [...rule.required, ...(rule.optional ?? [])]
  const names = elementsOf(element).map((child) => `${child.name} `)
  const found: string[] = []
  for (const key of rule.required) if (!(key in attributes)) found.push(`<${name}> has no ${key}`)
  for (const key of Object.keys(attributes)) if (!known.includes(key)) found.push(`<${name}> has ${key}`)
  if (!rule.content.test(names.join(''))) found.push(`<${name}> holds ${names.join('')}`)
  const hasText = children.some((child) => typeof child === 'string' && child.trim() !== '')
  if (hasText && !rule.hasText) found.push(`<${name}> holds text`)
  return [...found, ...elementsOf(element).flatMap((child) => problems(child, rules))]
}
