import { dealOne } from '../deal.ts'
import type { Question, Quiz } from '../question.ts'
import { keyNumber } from './key-number.ts'
import { qtiItem } from './qti-item.ts'
import { type Exported, refusal } from './refusal.ts'
import { element } from './xml.ts'
import { zipOf } from './zip.ts'

const CONTENT_PACKAGE = 'http://www.imsglobal.org/xsd/imscp_v1p1'
const SCHEMA = 'http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd'

/**
 * A quiz as a package of QTI 2.1: a zip with imsmanifest.xml and an assessmentItem for each question, graded as here. What is
 * to be put in order or matched stands in the file as `seed` shuffles it, for players that do not shuffle.
 */
export function toQti(quiz: Quiz, seed: number): Exported<Buffer> {
  const refused = quiz.questions.flatMap((question) => {
    const reason = whyNot(question)
    return reason === null ? [] : [refusal(question, reason)]
  })
  const questions = quiz.questions.filter((question) => whyNot(question) === null)
  const items = questions.map((question) => ({
    name: fileOf(question),
    text: qtiItem(question, dealOne(quiz, question, seed).shown),
  }))
  return { content: zipOf([{ name: 'imsmanifest.xml', text: manifest(quiz, questions) }, ...items]), refused }
}

function whyNot(question: Question): string | null {
  if (question.kind !== 'numeric') return null
  const foreign = question.rows.find((row) => keyNumber(row, question.unit) === null)
  return foreign
    ? `QTI has no units, and the key ${foreign.wanted} is in another one than the question`
    : null
}

function fileOf({ id }: Question): string {
  return `items/${id}.xml`
}

/** IMS Content Packaging 1.2, as QTI 2.1 profiles it: items only, so there is no organization of them. */
function manifest(quiz: Quiz, questions: readonly Question[]): string {
  const attributes = {
    xmlns: CONTENT_PACKAGE,
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:schemaLocation': `${CONTENT_PACKAGE} ${SCHEMA}`,
    identifier: `quiz-${quiz.id}`,
  }
  const resources = questions.map((question) => {
    const href = fileOf(question)
    const resource = { identifier: `resource-${question.id}`, type: 'imsqti_item_xmlv2p1', href }
    return element('resource', resource, element('file', { href }))
  })
  const metadata = element(
    'metadata',
    {},
    element('schema', {}, 'QTIv2.1 Package'),
    element('schemaversion', {}, '1.0.0'),
  )
  const parts = [metadata, element('organizations'), element('resources', {}, ...resources)]
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('manifest', attributes, ...parts)}\n`
}
