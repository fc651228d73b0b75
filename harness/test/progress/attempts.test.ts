import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import {
  type AnswerFile,
  attemptBeforeSolution,
  keepAttempt,
  listAttempts,
  MOST_ATTEMPTS,
  MOST_BYTES,
  replaceAnswer,
  restoreAttempt,
  undoAnswer,
} from '../../progress/attempts.ts'
import { learnerJournal, statesOf } from '../../progress/learner.ts'
import { textHash } from '../../text-hash.ts'

const base = fs.mkdtempSync(path.join(os.tmpdir(), 'attempts '))
afterAll(() => fs.rmSync(base, { recursive: true, force: true }))

let root: string
let exercise: AnswerFile
beforeEach(() => {
  root = fs.mkdtempSync(path.join(base, 'root-'))
  const folder = path.join(root, 'exercises', '03-produce-event')
  fs.mkdirSync(folder, { recursive: true })
  exercise = { name: '03-produce-event', file: path.join(folder, 'produce-event.ts') }
})

const write = (text: string | Buffer) => fs.writeFileSync(exercise.file, text)
const written = () => fs.readFileSync(exercise.file, 'utf8')
const judge = (text: string) => {
  write(text)
  keepAttempt(root, exercise)
}
const kept = () => listAttempts(root, exercise).map(({ file }) => fs.readFileSync(file, 'utf8'))
const undo = () => {
  undoAnswer(root, exercise)
  return written()
}
const swaps = () => learnerJournal(root).read().entries

describe('keeping', () => {
  test('every text once, byte by byte, the one seen last first', () => {
    for (const text of ['one\n', 'two\n', 'two\r\n', '\uFEFFtwo\n', '', 'one\n']) judge(text)
    expect(kept()).toEqual(['one\n', '', '\uFEFFtwo\n', 'two\r\n', 'two\n'])
  })

  test('is known by the hash that verdicts show, and by when it was seen', () => {
    judge('two\r\n')
    const [attempt] = listAttempts(root, exercise)
    expect(attempt?.hash).toBe(textHash('two\n'))
    expect(Math.abs(Date.now() - Date.parse(attempt?.at ?? ''))).toBeLessThan(60_000)
  })

  test('bytes that are no text are kept as well', () => {
    write(Buffer.from([0xff, 0x00, 0xfe]))
    keepAttempt(root, exercise)
    write('')
    undoAnswer(root, exercise)
    expect(fs.readFileSync(exercise.file)).toEqual(Buffer.from([0xff, 0x00, 0xfe]))
  })

  test('a file that is missing keeps nothing, and one that cannot be read is told', () => {
    keepAttempt(root, exercise)
    expect(kept()).toEqual([])
    fs.mkdirSync(exercise.file)
    expect(() => keepAttempt(root, exercise)).toThrow(/cannot be read/)
  })

  test('other files in the folder are nobody’s attempts', () => {
    judge('one')
    const [attempt] = listAttempts(root, exercise)
    fs.writeFileSync(path.join(path.dirname(attempt?.file ?? ''), 'notes.ts'), 'mine')
    expect(kept()).toEqual(['one'])
  })

  test('at most so many, the oldest first out', () => {
    const texts = Array.from({ length: MOST_ATTEMPTS + 5 }, (_, n) => `${n}`)
    for (const text of texts) judge(text)
    expect(kept()).toEqual(texts.reverse().slice(0, MOST_ATTEMPTS))
  })

  test('at most so many bytes, but the last ten whatever their size', () => {
    const texts = Array.from({ length: 12 }, (_, n) => `${n}`.padEnd(MOST_BYTES / 5))
    for (const text of texts) judge(text)
    expect(kept().map((text) => text.trim())).toEqual('11 10 9 8 7 6 5 4 3 2'.split(' '))
  })
})

describe('replacing', () => {
  test('keeps what was there and notes the swap', () => {
    write('mine')
    replaceAnswer(root, exercise, 'stub', 'stub')
    expect(written()).toBe('stub')
    expect(kept()).toEqual(['mine'])
    expect(swaps()).toMatchObject([
      { kind: 'swapped', to: 'stub', hash: textHash('stub'), from: textHash('mine') },
    ])
  })

  test('with what is there already changes nothing', () => {
    write('mine')
    replaceAnswer(root, exercise, Buffer.from('mine'), 'solution')
    expect(swaps()).toEqual([])
  })

  test('a file that is missing is made', () => {
    replaceAnswer(root, exercise, 'stub', 'stub')
    expect(written()).toBe('stub')
    expect(swaps()).toMatchObject([{ from: '' }])
  })

  test('what cannot be kept is not replaced', () => {
    write('mine')
    fs.writeFileSync(path.join(root, '.workbook'), 'not a folder')
    expect(() => replaceAnswer(root, exercise, 'stub', 'stub')).toThrow(/cannot be kept/)
    expect(written()).toBe('mine')
    expect(fs.readdirSync(path.dirname(exercise.file))).toEqual(['produce-event.ts'])
  })

  test('what cannot be written is not replaced, and no swap is noted', () => {
    write('mine')
    fs.mkdirSync(path.join(path.dirname(exercise.file), `.produce-event.ts.${process.pid}`))
    expect(() => replaceAnswer(root, exercise, 'stub', 'stub')).toThrow(/cannot be written/)
    expect(written()).toBe('mine')
    expect(swaps()).toEqual([])
  })

  test('what an editor saves while the disk works is kept, too', () => {
    write('mine')
    const { fsyncSync } = fs
    const saved = ['1', '2', '3', '4', '5', '6']
    const unsaved = [...saved]
    fs.fsyncSync = (handle) => {
      fsyncSync(handle)
      const text = unsaved.shift()
      if (text) write(text)
    }
    syncBuiltinESMExports()
    onTestFinished(() => {
      fs.fsyncSync = fsyncSync
      syncBuiltinESMExports()
    })
    replaceAnswer(root, exercise, 'stub', 'stub')
    expect(unsaved).toEqual([])
    expect(written()).toBe('stub')
    // The last one is there; those that the editor itself has replaced before anybody could see them are not.
    expect(kept()[0]).toBe('6')
    expect(undo()).toBe('6')
  })

  test('a swap that was noted, and did not come about, is taken back', () => {
    write('mine')
    const { renameSync } = fs
    const place = fs.realpathSync(exercise.file)
    fs.renameSync = (from, to) => {
      if (to === place) throw new Error('EBUSY: somebody has it open')
      renameSync(from, to)
    }
    syncBuiltinESMExports()
    onTestFinished(() => {
      fs.renameSync = renameSync
      syncBuiltinESMExports()
    })
    expect(() => replaceAnswer(root, exercise, 'solved', 'solution')).toThrow(/cannot be written: EBUSY/)
    expect(written()).toBe('mine')
    expect(statesOf(swaps()).get(exercise.name)?.holds).toBe('own')
    expect(attemptBeforeSolution(root, exercise)).toBeNull()
  })

  test('a folder of attempts that cannot be read is told, and nothing is replaced', () => {
    write('mine')
    fs.mkdirSync(path.join(root, '.workbook', 'attempts'), { recursive: true })
    fs.writeFileSync(path.join(root, '.workbook', 'attempts', exercise.name), 'not a folder')
    for (const act of [
      () => listAttempts(root, exercise),
      () => keepAttempt(root, exercise),
      () => undoAnswer(root, exercise),
      () => replaceAnswer(root, exercise, 'stub', 'stub'),
    ]) {
      expect(act).toThrow(WorkbookError)
      expect(act).toThrow(/03-produce-event cannot be read: /)
    }
    expect(written()).toBe('mine')
  })

  test('what cannot be noted is not replaced', () => {
    write('mine')
    fs.mkdirSync(path.join(root, '.workbook', 'learner.jsonl'), { recursive: true })
    expect(() => replaceAnswer(root, exercise, 'stub', 'stub')).toThrow(/cannot be written/)
    expect(written()).toBe('mine')
  })

  test.skipIf(process.platform === 'win32')('a link stays a link, and rights stay as they are', () => {
    const elsewhere = path.join(root, 'elsewhere.ts')
    fs.writeFileSync(elsewhere, 'mine')
    fs.chmodSync(elsewhere, 0o600)
    fs.symlinkSync(elsewhere, exercise.file)
    replaceAnswer(root, exercise, 'stub', 'stub')
    expect(fs.readFileSync(elsewhere, 'utf8')).toBe('stub')
    expect(fs.statSync(elsewhere).mode & 0o777).toBe(0o600)
  })
})

describe('undo', () => {
  test('there is nothing before the first text', () => {
    expect(undoAnswer(root, exercise)).toBeNull()
    write('mine')
    expect(undoAnswer(root, exercise)).toBeNull()
    expect(written()).toBe('mine')
  })

  test('brings the judged text before this one, and this one again', () => {
    for (const text of ['one', 'two', 'three']) judge(text)
    expect([undo(), undo(), undo()]).toEqual(['two', 'three', 'two'])
  })

  test('after an edit brings what was there before it', () => {
    for (const text of ['one', 'two']) judge(text)
    expect(undo()).toBe('one')
    write('one, edited')
    expect([undo(), undo()]).toEqual(['one', 'one, edited'])
  })

  test('takes a reset back, and does it again', () => {
    for (const text of ['before', 'mine']) judge(text)
    replaceAnswer(root, exercise, 'stub', 'stub')
    expect([undo(), undo(), undo()]).toEqual(['mine', 'stub', 'mine'])
  })

  test('a solution that was edited gives way to the learner’s own text', () => {
    judge('mine')
    replaceAnswer(root, exercise, 'solution', 'solution')
    judge('solution')
    judge('solution, edited')
    expect(undo()).toBe('mine')
  })

  test('brings back a file that was deleted', () => {
    judge('mine')
    fs.rmSync(exercise.file)
    expect(undo()).toBe('mine')
  })

  test('any attempt can be restored', () => {
    for (const text of ['one', 'two', 'three']) judge(text)
    const one = listAttempts(root, exercise).find(({ hash }) => hash === textHash('one'))
    if (one) restoreAttempt(root, exercise, one)
    expect(written()).toBe('one')
    expect([undo(), undo()]).toEqual(['three', 'one'])
  })

  test('an attempt that is gone is told, and nothing changes', () => {
    judge('mine')
    const gone = { file: path.join(root, 'gone.ts'), hash: '000000', at: '' }
    expect(() => restoreAttempt(root, exercise, gone)).toThrow(/cannot be read/)
    expect(written()).toBe('mine')
  })
})

test('the text before the solution is known until something is brought back', () => {
  expect(attemptBeforeSolution(root, exercise)).toBeNull()
  judge('mine')
  replaceAnswer(root, exercise, 'solution', 'solution')
  judge('solution, edited in class')
  expect(attemptBeforeSolution(root, exercise)?.hash).toBe(textHash('mine'))
  undoAnswer(root, exercise)
  expect(attemptBeforeSolution(root, exercise)).toBeNull()
})
