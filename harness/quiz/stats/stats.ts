import { median } from '../../median.ts'
import type { Quiz } from '../question.ts'
import { RIGHT } from '../schedule.ts'
import { type ChoiceStats, choiceStats } from './choices.ts'
import { type Interval, mean, wilson } from './estimates.ts'
import { type ItemRest, itemRests, LEAST_LEARNERS } from './item-rest.ts'
import { type Item, itemsOf } from './items.ts'
import { type LearnerFile, learnersOf } from './learners.ts'
import { type MistakeStats, mistakeStats } from './mistakes.ts'

/** What a class has answered: first answers only. Plain data, for `--json` as it is. */
export interface QuizStats {
  learners: number
  files: { name: string; answers: number; brokenLines: number[] }[]
  /** Files that have answers in common, and count as one learner. */
  sameLearner: string[][]
  /** How many answers count. */
  firstAnswers: number
  /** How many do not, as they were given to a question that the learner had answered before. */
  laterAnswers: number
  /** Those that are ranked, the hardest first; then the others, in the order of the quizzes. */
  questions: QuestionStats[]
  /** The one that most learners have first. */
  mistakes: MistakeStats[]
}

/** One version of one question. Shares are fractions. */
export interface QuestionStats {
  quiz: string
  question: string
  version: string
  /** Null when no quiz has this version any more. */
  title: string | null
  /** Learners who answered it. */
  n: number
  /** 1 is the hardest; null when `n` is below 10. */
  rank: number | null
  right: number
  share: number
  /** 95 %, by Wilson. */
  interval: Interval
  /** With the parts of points. */
  meanCredit: number
  /** Answered after a look at the hint. */
  hinted: number
  medianMs: number
  itemRest: ItemRest
  /** Options, or rows of the key; null where there is nothing to choose from, or the version is not known. */
  choices: ChoiceStats[] | null
  /** Answers that fit none of the choices. */
  others: number | null
  /** Said to be sure, and how many of these answers were not right. */
  sure: number
  sureAndWrong: number
}

/** Item analysis of the journals of many learners, by the questions of these quizzes. */
export function statsOf(files: readonly LearnerFile[], quizzes: readonly Quiz[]): QuizStats {
  const learners = learnersOf(files)
  const items = itemsOf(learners, quizzes)
  const rests = itemRests(items)
  const first = items.reduce((sum, { answers }) => sum + answers.length, 0)
  return {
    learners: learners.filter(({ answers }) => answers.length > 0).length,
    files: files.map(({ name, answers, brokenLines }) => ({ name, answers: answers.length, brokenLines })),
    sameLearner: learners.map((one) => one.files).filter((names) => names.length > 1),
    firstAnswers: first,
    laterAnswers: learners.reduce((sum, { answers }) => sum + answers.length, 0) - first,
    questions: ranked(items.map((item) => questionStats(item, rests.get(item) as ItemRest))),
    mistakes: mistakeStats(items),
  }
}

/** Equal shares have equal ranks. */
function ranked(questions: readonly Omit<QuestionStats, 'rank'>[]): QuestionStats[] {
  const enough = questions.filter(({ n }) => n >= LEAST_LEARNERS).sort((a, b) => a.share - b.share)
  const tooFew = questions.filter(({ n }) => n < LEAST_LEARNERS)
  return [
    ...enough.map((one) => ({ ...one, rank: enough.findIndex(({ share }) => share === one.share) + 1 })),
    ...tooFew.map((one) => ({ ...one, rank: null })),
  ]
}

function questionStats(item: Item, itemRest: ItemRest): Omit<QuestionStats, 'rank'> {
  const { answers, known } = item
  const n = answers.length
  const right = answers.filter(({ credit }) => credit >= RIGHT).length
  const sure = answers.filter(({ entry }) => entry.confidence === 3)
  return {
    quiz: item.quiz,
    question: item.id,
    version: item.version,
    title: known?.question.title ?? null,
    n,
    right,
    share: right / n,
    interval: wilson(right, n),
    meanCredit: mean(answers.map(({ credit }) => credit)),
    hinted: answers.filter(({ entry }) => entry.hinted).length,
    medianMs: median(answers.map(({ entry }) => entry.tookMs)),
    itemRest,
    ...choiceStats(known?.question, answers),
    sure: sure.length,
    sureAndWrong: sure.filter(({ credit }) => credit < RIGHT).length,
  }
}
