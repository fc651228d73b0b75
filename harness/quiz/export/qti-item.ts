import type { Inline } from '../../markdown/content.ts'
import { rightAnswer } from '../grade.ts'
import type { Option, Question } from '../question.ts'
import { blocksToHtml, explanationToHtml, inlinesToHtml } from './html.ts'
import { itemId, rowId, runVariables, scoringRules } from './qti-scoring.ts'
import { element, escaped } from './xml.ts'

const NAMESPACE = 'http://www.imsglobal.org/xsd/imsqti_v2p1'
const SCHEMA = 'http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd'

/**
 * One question as an assessmentItem of QTI 2.1 (IMS Global, "Question and Test Interoperability: Assessment Test, Section and
 * Item Information Model", 2.1). `shown` is the order in which things to order or to match stand in the file.
 */
export function qtiItem(question: Question, shown: readonly number[]): string {
  const attributes = {
    xmlns: NAMESPACE,
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:schemaLocation': `${NAMESPACE} ${SCHEMA}`,
    identifier: question.id,
    title: question.title,
    adaptive: false,
    timeDependent: false,
  }
  const item = element(
    'assessmentItem',
    attributes,
    responseDeclaration(question),
    ...outcomeDeclarations(question),
    element('itemBody', {}, blocksToHtml(question.stem), hint(question), interaction(question, shown)),
    scoringRules(question),
    ...feedbacks(question),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${item}\n`
}

function responseDeclaration(question: Question): string {
  const [cardinality, baseType] = responseType(question)
  const right = element('correctResponse', {}, ...rightValues(question).map(value))
  const entries = mapEntries(question)
  const mapping = element(
    'mapping',
    { lowerBound: 0, upperBound: question.points, defaultValue: 0 },
    ...entries.map(([mapKey, mappedValue]) => element('mapEntry', { mapKey, mappedValue })),
  )
  return element(
    'responseDeclaration',
    { identifier: 'RESPONSE', cardinality, baseType },
    right,
    entries.length > 0 ? mapping : '',
  )
}

function responseType({ kind }: Question): ['single' | 'multiple' | 'ordered', string] {
  switch (kind) {
    case 'single':
      return ['single', 'identifier']
    case 'multiple':
      return ['multiple', 'identifier']
    case 'order':
      return ['ordered', 'identifier']
    case 'match':
      return ['multiple', 'directedPair']
    case 'numeric':
      return ['single', 'float']
    case 'text':
    case 'output':
      return ['single', 'string']
  }
}

function rightValues(question: Question): string[] {
  const right = rightAnswer(question)
  switch (right.kind) {
    case 'single':
      return right.option === null ? [] : [optionId(right.option)]
    case 'multiple':
      return right.options.map(optionId)
    case 'order':
      return right.order.map(itemId)
    case 'match':
      return right.matches.map((_, index) => pairId(index))
    case 'typed':
      return [right.text]
  }
}

/** Points for what was chosen; what is chosen wrongly of several takes away, down to none (`grade` counts so, too). */
function mapEntries(question: Question): [string, number][] {
  const { points } = question
  switch (question.kind) {
    case 'single':
      return question.options.map(({ id, credit }) => [optionId(id), (credit / 100) * points])
    case 'multiple': {
      const right = question.options.filter(({ isRight }) => isRight).length
      const wrong = question.options.length - right
      return question.options.map(({ id, isRight }) => [
        optionId(id),
        isRight ? points / right : -points / wrong,
      ])
    }
    case 'match':
      return question.pairs.map((_, index) => [pairId(index), points / question.pairs.length])
    default:
      return []
  }
}

function outcomeDeclarations(question: Question): string[] {
  const { points } = question
  const several = question.kind === 'multiple' ? 'multiple' : 'single'
  const runs = question.kind === 'order' ? runVariables(question.items.length) : []
  return [
    outcome('SCORE', 'float', { normalMaximum: points, normalMinimum: 0 }, 0),
    outcome('MAXSCORE', 'float', {}, points),
    element('outcomeDeclaration', { identifier: 'FEEDBACK', cardinality: several, baseType: 'identifier' }),
    element('outcomeDeclaration', {
      identifier: 'EXPLANATION',
      cardinality: 'single',
      baseType: 'identifier',
    }),
    ...runs.map((identifier) => outcome(identifier, 'integer', {}, 0)),
  ]
}

function outcome(
  identifier: string,
  baseType: 'float' | 'integer',
  range: { normalMaximum?: number; normalMinimum?: number },
  start: number,
): string {
  const attributes = { identifier, cardinality: 'single', baseType, ...range }
  return element('outcomeDeclaration', attributes, element('defaultValue', {}, value(`${start}`)))
}

function value(text: string): string {
  return element('value', {}, escaped(text))
}

/** Shown when the learner asks for it. */
function hint({ hint }: Question): string {
  return hint ? element('infoControl', { title: 'Hint' }, blocksToHtml(hint)) : ''
}

function interaction(question: Question, shown: readonly number[]): string {
  const responseIdentifier = 'RESPONSE'
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return element(
        'choiceInteraction',
        { responseIdentifier, shuffle: question.isShuffled, maxChoices: question.kind === 'single' ? 1 : 0 },
        ...question.options.map(simpleChoice),
      )
    case 'order': {
      const choices = shown.map((at) =>
        element('simpleChoice', { identifier: itemId(at) }, inlinesToHtml(question.items[at] ?? [])),
      )
      return element('orderInteraction', { responseIdentifier, shuffle: true }, ...choices)
    }
    case 'match':
      return matchInteraction(question, shown)
    case 'numeric':
    case 'text': {
      const entry = element('textEntryInteraction', { responseIdentifier, expectedLength: 20 })
      const unit = question.kind === 'numeric' && question.unit ? ` ${escaped(question.unit)}` : ''
      return element('p', {}, entry, unit)
    }
    case 'output':
      return element('extendedTextInteraction', {
        responseIdentifier,
        expectedLines: question.output.trimEnd().split('\n').length + 1,
        format: 'preFormatted',
      })
  }
}

function simpleChoice({ id, of, more }: Option): string {
  return element('simpleChoice', { identifier: optionId(id) }, inlinesToHtml(of), blocksToHtml(more))
}

function matchInteraction(question: Question & { kind: 'match' }, shown: readonly number[]): string {
  const matches = [...question.pairs.map(({ match }) => match), ...question.surplus]
  const choice = (identifier: string, of: readonly Inline[]) =>
    element('simpleAssociableChoice', { identifier, matchMax: 1 }, inlinesToHtml(of))
  return element(
    'matchInteraction',
    { responseIdentifier: 'RESPONSE', shuffle: true, maxAssociations: question.pairs.length },
    element('simpleMatchSet', {}, ...question.pairs.map(({ item }, at) => choice(itemId(at), item))),
    element('simpleMatchSet', {}, ...shown.map((at) => choice(matchId(at), matches[at] ?? []))),
  )
}

/** Why what was given is right or wrong, and the explanation in any case. */
function feedbacks(question: Question): string[] {
  const explanation = modalFeedback('EXPLANATION', 'EXPLAINED', explanationToHtml(question))
  if (question.kind === 'single' || question.kind === 'multiple') {
    const said = question.options.map(({ id, feedback }) =>
      modalFeedback('FEEDBACK', optionId(id), blocksToHtml(feedback)),
    )
    return [...said, explanation]
  }
  if (question.kind === 'numeric' || question.kind === 'text') {
    const said = question.rows.map(({ feedback }, at) =>
      modalFeedback('FEEDBACK', rowId(at), inlinesToHtml(feedback)),
    )
    return [...said, explanation]
  }
  return [explanation]
}

function modalFeedback(outcomeIdentifier: string, identifier: string, said: string): string {
  return said === ''
    ? ''
    : element('modalFeedback', { outcomeIdentifier, identifier, showHide: 'show' }, said)
}

/** Names begin with a letter in QTI, and hashes may begin with a digit. */
function optionId(id: string): string {
  return `option-${id}`
}

function matchId(at: number): string {
  return `match-${at + 1}`
}

function pairId(at: number): string {
  return `${itemId(at)} ${matchId(at)}`
}
