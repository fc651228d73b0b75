import { describe, expect, test } from 'vitest'
import { type AnswerError, endingError } from '../../check/answer-error.ts'
import { explain } from '../../check/explain.ts'
import { Mistake } from '../../check/mistake.ts'
import { WorkbookError } from '../../errors.ts'
import { BrokerError } from '../../kafka/client/client.ts'

const SILENT = { lastRequest: '', stored: '' }

/** What an `expect` throws. */
function thrownBy(act: () => void): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('who is to blame', () => {
  test('a mistake is the answer, and is named', () => {
    const found = explain(
      new Mistake('null-key', 'A record without a key may go to any partition.', undefined),
    )
    expect(found).toEqual({
      verdict: 'failed',
      mistake: { id: 'null-key', sentence: 'A record without a key may go to any partition.' },
    })
  })

  test('a failed expect is the answer, shown as a pair', () => {
    const found = explain(thrownBy(() => expect(null).toBe('ORD-1042')))
    expect(found).toEqual({ verdict: 'failed', expected: '"ORD-1042"', actual: 'null' })
  })

  test('own words of an expect are kept', () => {
    const found = explain(thrownBy(() => expect([1], 'records in the topic').toHaveLength(2)))
    expect(found).toMatchObject({ verdict: 'failed', message: 'records in the topic' })
  })

  test('an expect without a pair keeps its message', () => {
    const found = explain(thrownBy(() => expect('abc').toMatch(/x/)))
    expect(found.verdict).toBe('failed')
    expect(`${found.message}${found.expected}`).toContain('x')
  })

  test('a broker that fails is nobody in the class', () => {
    expect(explain(new BrokerError('asking for metadata: no answer')).verdict).toBe('error')
  })

  test('what the workbook explains by itself is told in its words, without a stack trace', () => {
    const error = new WorkbookError('No Kafka broker answers at 127.0.0.1:9092.', 'Is it running?')
    expect(explain(error)).toEqual({ verdict: 'error', message: `${error.message}\n${error.hint}` })
  })

  test.each([
    new TypeError("Cannot read properties of undefined (reading 'key')"),
    'a string',
    undefined,
    null,
  ])('a bug in a check is an error: %o', (thrown) => expect(explain(thrown).verdict).toBe('error'))
})

describe('what an ending says', () => {
  test('what the workbook could not run is charged to nobody', () => {
    const error = endingError({ kind: 'not run', reason: 'The process did not start.' }, SILENT)
    expect(explain(error)).toMatchObject({
      verdict: 'error',
      message: expect.stringMatching(/^The process did not start\./),
    })
  })

  const at = { file: '/book/exercises/03-produce-event/produce-event.ts', line: 7, within: 'encode' }

  test('a TODO is not written, without a stack of words around it', () => {
    const error = endingError(
      { kind: 'threw', thrown: { name: 'Error', message: 'TODO encode', stack: '', at } },
      SILENT,
    )
    expect((error as AnswerError).notWritten).toBe(true)
    expect(explain(error)).toEqual({ verdict: 'failed', message: 'TODO encode', at, notWritten: true })
  })

  test('an error that only mentions TODO is an error', () => {
    const error = endingError(
      { kind: 'threw', thrown: { name: 'Error', message: 'my TODO list', stack: '' } },
      SILENT,
    )
    expect((error as AnswerError).notWritten).toBe(false)
  })

  test('an endless loop names its line', () => {
    const error = endingError({ kind: 'deadline', deadlineMs: 5000, loopAt: at }, SILENT)
    expect(error?.message).toBe(
      'Your code loops without end: after 5 s it was still at encode(), produce-event.ts:7.',
    )
  })

  test('an endless wait says what was asked last', () => {
    const wire = { lastRequest: 'The last request on the wire was Fetch.', stored: '' }
    const error = endingError({ kind: 'deadline', deadlineMs: 5000 }, wire)
    expect(error?.message).toContain('not done after 5 s')
    expect(error?.message).toContain('last request on the wire was Fetch')
  })

  test('the wire tells what was stored before the error', () => {
    const wire = { lastRequest: '', stored: 'The broker had already stored 1 record by then.' }
    const thrown = { name: 'TypeError', message: 'x is not a function', stack: '', at }
    const error = endingError({ kind: 'threw', thrown }, wire) as AnswerError
    expect(error.message).toBe(
      'Your code threw TypeError: x is not a function. The broker had already stored 1 record by then.',
    )
    expect(error.at).toEqual(at)
  })

  test('what a graded answer may not do is said beside the words of Node', () => {
    const wire = { lastRequest: '', stored: 'The broker had stored nothing by then.' }
    const thrown = { name: 'Error', message: 'Access denied', code: 'ERR_ACCESS_DENIED', stack: '' }
    expect(endingError({ kind: 'threw', thrown }, wire)?.message).toBe(
      'Your code threw Error: Access denied. An answer that is graded may neither read or write files nor start programs. The broker had stored nothing by then.',
    )
  })

  test.each([
    [{ kind: 'exited' as const, code: 0, signal: null }, 'exit code 0'],
    [{ kind: 'exited' as const, code: null, signal: 'SIGKILL' }, 'SIGKILL'],
    [{ kind: 'output limit' as const, limitBytes: 1024 * 1024 }, 'more than 1 MB'],
    [{ kind: 'memory limit' as const, limitBytes: 1024 ** 3 }, '1024 MB of memory'],
    [
      { kind: 'not compiled' as const, problems: [{ text: 'Expected ";"' }, { text: 'x' }] },
      'Expected ";" (and 1 more)',
    ],
    [{ kind: 'keeper lost' as const }, 'ended the process that watches over it'],
  ])('%o', (ending, words) => {
    const error = endingError(ending, SILENT)
    expect(error?.message).toContain(words)
    expect(explain(error).verdict).toBe('failed')
  })

  test('what returned is no error', () =>
    expect(endingError({ kind: 'returned', value: 1 }, SILENT)).toBe(null))
})
