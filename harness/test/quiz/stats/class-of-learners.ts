import { type AnswerEntry, versionOf } from '../../../quiz/answers.ts'
import { type Given, grade } from '../../../quiz/grade.ts'
import type { Question, Quiz } from '../../../quiz/question.ts'
import { readQuiz } from '../../../quiz/read-quiz.ts'
import { type LearnerFile, readLearnerFile } from '../../../quiz/stats/learners.ts'

/** A quiz with these questions, each in Markdown below its title. Throws when it has an error. */
export function quizOf(id: string, questions: readonly string[], head: readonly string[] = []): Quiz {
  const source = [`# ${id}`, '<!-- quiz', `id: ${id}`, 'kafka: ">=4.0"', ...head, '-->', '', ...questions]
  const { quiz, problems } = readQuiz(source.join('\n'), id)
  if (problems.length > 0) throw new Error(problems.map(({ line, message }) => `${line} ${message}`).join())
  return quiz
}

/** A question of one right option and two wrong ones; the first wrong one is a mistake of exercise 06. */
export function choiceQuestion(id: string, stem = 'Which?'): string {
  return `
## Title of ${id}
<!-- q id=${id} exercise=07 -->

${stem}

- [x] right
- [ ] wrong <!-- m=06/keys-stay claim=5 -->
- [ ] absurd <!-- claim=8 -->
`
}

export function questionOf(quiz: Quiz, id: string): Question {
  return quiz.questions.find((one) => one.id === id) as Question
}

/** The option with these words. */
export function pick(quiz: Quiz, id: string, words: string): Given {
  const question = questionOf(quiz, id)
  const options = 'options' in question ? question.options : []
  const option = options.find(({ of: [first] }) => first?.kind === 'text' && first.text === words)
  if (!option) throw new Error(`no option ${words}`)
  return { kind: 'single', option: option.id }
}

/** An answer as `runQuiz` keeps it; `more` overrides. */
export function answerTo(quiz: Quiz, id: string, given: Given, more: Partial<AnswerEntry> = {}): AnswerEntry {
  const question = questionOf(quiz, id)
  return {
    kind: 'answer',
    at: '2026-03-02T10:00:00.000Z',
    run: 'run',
    quiz: quiz.id,
    question: id,
    version: versionOf(question),
    given,
    credit: grade(question, given).credit,
    confidence: null,
    hinted: false,
    tookMs: 1_000,
    ...more,
  }
}

/** A file as a learner hands it in, read; its run has the learner's name unless an answer says another. */
export function fileOf(name: string, answers: readonly AnswerEntry[]): LearnerFile {
  const lines = answers.map((one) => JSON.stringify({ ...one, run: one.run === 'run' ? name : one.run }))
  return readLearnerFile(`${name}.jsonl`, lines.join('\n'))
}
