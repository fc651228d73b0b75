import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toQti } from '../../../quiz/export/qti.ts'
import { qtiItem } from '../../../quiz/export/qti-item.ts'
import { type Given, grade } from '../../../quiz/grade.ts'
import type { Question } from '../../../quiz/question.ts'
import { readQuiz } from '../../../quiz/read-quiz.ts'
import { play, type QtiValue } from './qti-player.ts'
import { itemProblems, manifestProblems } from './qti-structure.ts'
import { allOf, readXml, textOf, type XmlElement } from './read-xml.ts'
import { questionOf, sample, sampleQuiz, shippedQuizzes } from './sample.ts'

const quizzes = [sampleQuiz(), ...shippedQuizzes()]

function itemOf(question: Question): XmlElement {
  return readXml(qtiItem(question, [4, 2, 0, 1, 3, 5, 6, 7, 8].slice(0, sizeOf(question))))
}

function sizeOf(question: Question): number {
  if (question.kind === 'order') return question.items.length
  return question.kind === 'match' ? question.pairs.length + question.surplus.length : 0
}

/** Answers of all sorts to a question: what `grade` takes, and the same as a response of QTI. */
function answersTo(question: Question): fc.Arbitrary<[Given, QtiValue]> {
  switch (question.kind) {
    case 'single':
      return fc
        .constantFrom(...question.options)
        .map(({ id }) => [{ kind: 'single', option: id }, `option-${id}`])
    case 'multiple':
      return fc.subarray(question.options).map((picked) => {
        const options = picked.map(({ id }) => id)
        return [{ kind: 'multiple', options }, container(options.map((id) => `option-${id}`))]
      })
    case 'order':
      return fc
        .shuffledSubarray(
          question.items.map((_, index) => index),
          { minLength: question.items.length },
        )
        .map((order) => [{ kind: 'order', order }, order.map((at) => `item-${at + 1}`)])
    case 'match': {
      const all = Array.from({ length: sizeOf(question) }, (_, index) => index)
      return fc.shuffledSubarray(all, { minLength: question.pairs.length }).map((some) => {
        const matches = some.slice(0, question.pairs.length)
        const pairs = matches.map((match, item) => `item-${item + 1} match-${match + 1}`)
        return [{ kind: 'match', matches }, pairs]
      })
    }
    case 'numeric': {
      const near = question.rows.map(({ wanted }) => Number(wanted.split('±')[0]))
      return fc
        .tuple(fc.constantFrom(...near), fc.constantFrom(0, 0.25, -0.25, 1, -7, 155.5, -156, 990, 1001))
        .map(([number, off]) => [{ kind: 'typed', text: `${number + off}` }, number + off])
    }
    case 'text':
      return typed(question.rows.map(({ wanted }) => wanted))
    case 'output':
      return typed([question.output, question.output.replaceAll('\n', '  \r\n'), `${question.output}\n\n`])
  }
}

function container(ids: string[]): QtiValue {
  return ids.length === 0 ? null : ids
}

/** As it is, with blanks, in capital letters, and with a letter more. */
function typed(texts: string[]): fc.Arbitrary<[Given, QtiValue]> {
  const changes = [
    (text: string) => text,
    (text: string) => ` ${text.replaceAll(' ', '  ')} `,
    (text: string) => text.toUpperCase(),
    (text: string) => `${text}x`,
    (text: string) => text.replace('.', 'x').replace('$', ''),
  ]
  return fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...changes)).map(([text, change]) => {
    const given = change(text)
    return [{ kind: 'typed', text: given }, given]
  })
}

describe('QTI 2.1', () => {
  test.each(quizzes)('of $id has the structure of the schema', ({ questions }) => {
    for (const question of questions) {
      const item = itemOf(question)
      expect(itemProblems(item)).toEqual([])
      expect(item.attributes.title).toBe(question.title)
      const ids = [...allOf(item, 'simpleChoice'), ...allOf(item, 'simpleAssociableChoice')].map(
        ({ attributes }) => attributes.identifier as string,
      )
      expect(new Set(ids).size).toBe(ids.length)
      for (const id of ids) expect(id).toMatch(/^[A-Za-z_][\w.-]*$/)
    }
  })

  test.each(quizzes)('of $id gives the points that are given here', ({ questions }) => {
    for (const question of questions) {
      const item = itemOf(question)
      fc.assert(
        fc.property(answersTo(question), ([given, response]) => {
          const { credit } = grade(question, given)
          expect(play(item, response).get('SCORE')).toBeCloseTo(credit * question.points, 9)
        }),
        { numRuns: 40 },
      )
      expect(play(item, null).get('SCORE')).toBe(0)
      expect(play(item, null).get('MAXSCORE')).toBe(question.points)
    }
  })

  test.each(quizzes)('of $id names the right answer, which gets all points', ({ questions }) => {
    for (const question of questions) {
      const item = itemOf(question)
      const [right] = allOf(item, 'correctResponse')
      const values = right ? allOf(right, 'value').map(textOf) : []
      const isContainer = ['multiple', 'order', 'match'].includes(question.kind)
      const response = question.kind === 'numeric' ? Number(values[0]) : isContainer ? values : values[0]
      expect(play(item, response ?? null).get('SCORE')).toBeCloseTo(question.points, 9)
    }
  })

  test('shows the feedback of what was chosen, and the explanation always', () => {
    const item = itemOf(questionOf(sampleQuiz(), 'number'))
    const shown = (response: QtiValue) => {
      const outcomes = play(item, response)
      return allOf(item, 'modalFeedback')
        .filter(({ attributes }) => outcomes.get(`${attributes.outcomeIdentifier}`) === attributes.identifier)
        .map((one) => textOf(one).split('\n')[0])
    }
    expect(shown(7600)).toEqual(['SECRET-J', expect.stringContaining('SECRET-NOTE-5')])
    expect(shown(7777.5)).toEqual(['SECRET-I', expect.stringContaining('SECRET-NOTE-5')])
    expect(shown(-5555)).toEqual(['SECRET-K', expect.stringContaining('SECRET-NOTE-5')])
    expect(shown(1)).toEqual([expect.stringContaining('SECRET-NOTE-5')])
  })

  test('keeps code, links and hints as they are', () => {
    const item = itemOf(questionOf(sampleQuiz(), 'one'))
    expect(allOf(item, 'infoControl').map(textOf)).toEqual(['Look at the braces.'])
    expect(allOf(item, 'pre').map(textOf)[0]).toContain(
      "const a = { b: '<!-- stays -->' } // -> ~\n\nif (a.b",
    )
    const links = allOf(item, 'a').map(({ attributes }) => attributes.href)
    expect(links).toEqual(['https://example.org/a?b=c&d=e', 'https://example.org/'])
  })

  test('refuses a key in another unit than the question, by name', () => {
    const { quiz } = readQuiz(sample.replace('| `-5555` | 0%', '| `5 d` | 0%'), 'sample')
    const { refused } = toQti(quiz, 1)
    expect(refused.map(({ question, reason }) => `${question}: ${reason}`)).toEqual([
      'number: QTI has no units, and the key 5 d is in another one than the question',
    ])
  })

  test('is the same package for the same seed, and for another one another order', () => {
    expect(toQti(sampleQuiz(), 1).content.equals(toQti(sampleQuiz(), 1).content)).toBe(true)
    expect(toQti(sampleQuiz(), 1).content.equals(toQti(sampleQuiz(), 2).content)).toBe(false)
  })
})

/** Python's own zip and XML readers, which share nothing with what writes the package. */
const READER = `
import io, json, sys, zipfile
import xml.etree.ElementTree as tree
archive = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
broken = archive.testzip()
files = {}
for name in archive.namelist():
    text = archive.read(name).decode('utf-8')
    root = tree.fromstring(text)
    files[name] = {'root': root.tag, 'elements': sum(1 for _ in root.iter()), 'text': ''.join(root.itertext()), 'xml': text}
print(json.dumps({'broken': broken, 'files': files}))
`
const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', 'import zipfile']).status === 0)

describe.skipIf(python === undefined)('a package of QTI, read by Python', () => {
  test.each(quizzes)('of $id', (quiz) => {
    const input = toQti(quiz, 3).content
    const { stdout, stderr } = spawnSync(python as string, ['-c', READER], { input, encoding: 'utf8' })
    expect(stderr).toBe('')
    const { broken, files } = JSON.parse(stdout)
    expect(broken).toBeNull()
    const { 'imsmanifest.xml': manifest, ...items } = files
    expect(manifest.root).toBe('{http://www.imsglobal.org/xsd/imscp_v1p1}manifest')
    const listed = readXml(manifest.xml)
    expect(manifestProblems(listed)).toEqual([])
    const hrefs = allOf(listed, 'resource').map(({ attributes }) => attributes.href)
    expect(hrefs).toEqual(quiz.questions.map(({ id }) => `items/${id}.xml`))
    expect(Object.keys(items)).toEqual(hrefs)
    for (const { root, elements, text, xml } of Object.values<Record<string, string>>(items)) {
      expect(root).toBe('{http://www.imsglobal.org/xsd/imsqti_v2p1}assessmentItem')
      const mine = readXml(xml as string)
      expect(count(mine)).toBe(elements)
      expect(textOf(mine)).toBe(text)
    }
  })
})

function count({ children }: XmlElement): number {
  return children.reduce((sum, child) => sum + (typeof child === 'string' ? 0 : count(child)), 1)
}
