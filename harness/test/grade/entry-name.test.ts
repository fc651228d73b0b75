import { describe, expect, test } from 'vitest'
import { readEntryName } from '../../grade/entry-name.ts'
import { readGradescopeNames } from '../../grade/gradescope-names.ts'
import { EXERCISES } from './shipped-exercises.ts'

const folder = (name: string) => readEntryName(name, true, EXERCISES)
const file = (name: string) => readEntryName(name, false, EXERCISES)

describe('names of a download', () => {
  test('Moodle, in folders: a name, a number, a fixed ending', () => {
    for (const name of [
      'Ada Lovelace_4711_assignsubmission_file_',
      'Ada Lovelace_4711_assignsubmission_file',
    ])
      expect(folder(name)).toMatchObject({
        system: 'moodle',
        key: 'moodle 4711',
        name: 'Ada Lovelace',
        systemId: '4711',
        inner: null,
      })
  })

  test('Moodle, without folders: the name of the file comes last', () => {
    expect(file('Ada Lovelace_4711_assignsubmission_file_produce-event.ts')).toMatchObject({
      key: 'moodle 4711',
      inner: 'produce-event.ts',
    })
    expect(file('Ada_Mae Lovelace_4711_assignsubmission_file_my_answers.zip')).toMatchObject({
      name: 'Ada_Mae Lovelace',
      inner: 'my_answers.zip',
    })
  })

  test('Canvas: letters of the name, the student, the file that was handed in', () => {
    expect(file('lovelaceada_4711_98765_produce-event-2.ts')).toMatchObject({
      system: 'canvas',
      key: 'canvas 4711',
      name: 'lovelaceada',
      inner: 'produce-event-2.ts',
      order: 98765,
      late: false,
    })
    expect(file('lovelaceada_LATE_4711_98765_answers.zip')).toMatchObject({ key: 'canvas 4711', late: true })
  })

  test('Gradescope: a number, and the names beside it', () => {
    expect(folder('submission_98765')).toMatchObject({ system: 'gradescope', systemId: '98765' })
  })

  test.each([
    ['ada', 'ada', 0],
    ['ada (2)', 'ada', 2],
    ['Ada-attempt3', 'Ada', 3],
    ['ada v2', 'ada', 2],
    ['kafka-workbook-ada', 'kafka-workbook-ada', 0],
    ['group-7', 'group-7', 0],
    ['(2)', '(2)', 0],
  ])('plain: %s is %s, attempt %d', (name, student, attempt) => {
    expect(folder(name)).toMatchObject({ system: 'plain', name: student, attempt })
    expect(file(`${name}.tar.gz`)).toMatchObject({ name: student, attempt, inner: null })
  })

  test('plain: capitals do not make another student', () => {
    expect(folder('Ada').key).toBe(file('ada.zip').key)
  })

  test.each([
    ['ada_produce-event.ts', 'ada', 'produce-event.ts'],
    ['ada lovelace-produce-event (1).ts', 'ada lovelace', 'produce-event.ts'],
    ['lone-notes.ts', 'lone-notes.ts', null],
    ['-produce-event.ts', '-produce-event.ts', null],
  ])('plain: the loose file %s belongs to %s', (name, student, inner) => {
    expect(file(name)).toMatchObject({ name: student, inner })
  })
})

test('the metadata of Gradescope names students, and nothing deeper counts', () => {
  const text = [
    '---',
    'submission_98765:',
    '  :submitters:',
    '  - :name: Ada Lovelace',
    "    :sid: '0815'",
    '    :email: ada@example.org',
    '  - :name: "Bob Ray"',
    '    :sid: ',
    '    :email: bob@example.org',
    '  :created_at: 2026-01-02 10:00:00.000000000 Z',
    '  :history:',
    '  - :submitters:',
    '      - :name: Somebody Else',
    'submission_2:',
    '  :submitters:',
    "  - :name: 'O''Neil'",
    '',
  ].join('\n')
  expect(Object.fromEntries(readGradescopeNames(text))).toEqual({
    submission_98765: { names: ['Ada Lovelace', 'Bob Ray'], ids: ['0815', 'bob@example.org'] },
    submission_2: { names: ["O'Neil"], ids: [] },
  })
  expect(readGradescopeNames('{"not": ["yaml"').size).toBe(0)
})
