import type { Book } from '../../../quiz/lint.ts'
import { HEAD, inQuiz, type RuleCase, ruleCase } from './rule-case.ts'

/** What the cases may point to. */
export const BOOK: Book = {
  exercises: new Set(['05']),
  mistakes: new Set(['05/math-abs']),
  claims: 3,
  kafka: '4.3.1',
  hasProof: (proof) => proof === 'play:05',
}

const NOTE = '> [!NOTE]\n> Because.\n> Source: [here](https://example.org)\n'
const OPTIONS = '- [x] Yes\n  > It is.\n- [ ] No\n  > It is not.\n'
const ROWS = '| Answer | Credit | Feedback |\n| --- | --- | --- |\n'

interface Parts {
  /** Behind the id. */
  settings?: string
  title?: string
  stem?: string
  answer?: string
  note?: string
}

/** A question that is right but for what is given. */
function question({
  settings = '',
  title = 'Good',
  stem = 'Asked?',
  answer = OPTIONS,
  note = NOTE,
}: Parts): string {
  return `\n## ${title}\n<!-- q id=good${settings} -->\n\n${stem}\n\n${answer}\n${note}`
}

function broken(rule: string, what: string, parts: Parts): RuleCase {
  return inQuiz(rule, what, question(parts))
}

/** The question's own line is the one that is told. */
function headed(rule: string, what: string, parts: Parts): RuleCase {
  return inQuiz(rule, what, question(parts).replace('\n## ', '\n=> ## '))
}

function numeric(rule: string, what: string, rows: string, settings = ''): RuleCase {
  return broken(rule, what, { settings: ` type=numeric${settings}`, answer: ROWS + rows })
}

/** Rules of `lintQuiz`: what a quiz points to, and what it leaves out. */
export const LINT_CASES = [
  ruleCase('kafka', 'a version to come', `=> ${HEAD.replace('>=4.0', '>=4.4')}${question({})}`),
  headed('exercise', 'none of this number', { settings: ' exercise=06' }),
  headed('proof', 'none of this name', { settings: ' proof=play:06' }),
  headed('explanation', 'none', { note: '' }),
  headed('source', 'none', { note: '> [!NOTE]\n> Because.\n' }),
  headed('source', 'not by https', { note: NOTE.replace('https', 'http') }),
  headed('source', 'an address without a name', { note: '> [!NOTE]\n> Because.\n> Source: a book\n' }),
  broken('feedback', 'none of the right option', { answer: '=> - [x] Yes\n- [ ] No\n  > It is not.\n' }),
  broken('feedback', 'none of a wrong option', { answer: '- [x] Yes\n  > It is.\n=> - [ ] No\n' }),
  numeric('feedback', 'none of a wrong number', '| `1` | 100% | |\n=> | `2` | 0% | |\n'),
  broken('feedback', 'none of a wrong text', {
    settings: ' type=text',
    answer: `${ROWS}| \`a\` | 100% | |\n=> | \`b\` | 50% | <!-- claim=1 --> |\n`,
  }),
  broken('same-row', 'but for capital letters', {
    settings: ' type=text',
    answer: `${ROWS}| \`a\` | 100% | |\n| \`b\` | 0% | No. |\n=> | \`A\` | 50% | Small. |\n`,
  }),
  numeric('number', 'a word', '| `1` | 100% | |\n=> | `many` | 0% | No. |\n'),
  numeric('overlap', 'inside a range', '| `15 ± 2` | 100% | |\n=> | `17` | 0% | No. |\n'),
  numeric('overlap', 'in another unit', '| `1 s` | 100% | |\n=> | `1000 ms` | 0% | No. |\n'),
  numeric('overlap', "in the question's unit", '| `1 s` | 100% | |\n=> | `1000` | 0% | No. |\n', ' unit=ms'),
  broken('idea', 'no mistake', { answer: OPTIONS.replace('- [ ] No', '=> - [ ] No <!-- m=05/other -->') }),
  broken('idea', 'not in the head', {
    answer: OPTIONS.replace('- [ ] No', '=> - [ ] No <!-- m=unknown -->'),
  }),
  numeric('idea', 'of a row', '| `1` | 100% | |\n=> | `2` | 0% | No. <!-- m=unknown --> |\n'),
  broken('claim', 'one too many', { answer: OPTIONS.replace('- [ ] No', '=> - [ ] No <!-- claim=4 -->') }),
]

function options(...words: string[]): string {
  return words.map((one) => `${one}\n  > Said.\n`).join('')
}

const LONG = 'the leader and every follower that has kept up with it'

/** Rules of `writingProblems`: wording that gives the answer away, or misleads. */
export const WRITING_CASES = [
  headed('hidden-not', 'in the stem', { stem: 'Which of these does not hold?' }),
  headed('hidden-not', 'in the title', { title: 'Which is not so', stem: 'Pick.' }),
  headed('hidden-not', 'except', { stem: 'Which hold, except one?' }),
  headed('many-options', 'six', {
    answer: options('- [x] A', '- [ ] B', '- [ ] C', '- [ ] D', '- [ ] E', '- [ ] F'),
  }),
  broken('all-of-the-above', 'all of these', {
    answer: options('- [ ] A', '- [ ] B', '=> - [x] All of these'),
  }),
  broken('all-of-the-above', 'none of them', {
    answer: options('- [ ] A', '- [x] B', '=> - [ ] None of them'),
  }),
  broken('refers', 'by a letter', {
    answer: options('- [ ] Yes', '- [x] No', '=> - [ ] As option B, but later'),
  }),
  broken('refers', 'above', { answer: options('- [ ] Yes', '- [x] No', '=> - [ ] As above, but later') }),
  headed('longest-is-right', 'by half', {
    answer: options(`- [x] ${LONG}`, '- [ ] the leader', '- [ ] all'),
  }),
  headed('always-is-wrong', 'twice', { answer: options('- [x] Often', '- [ ] Always', '- [ ] Never') }),
]

/** What looks like a fault of wording, and is none. */
export const WELL_WRITTEN: [what: string, question: string][] = [
  ['a strong not', question({ stem: 'Which of these does **not** hold?' })],
  ['a not that asks nothing', question({ stem: 'The broker does not answer. What now?' })],
  ['five options', question({ answer: options('- [x] A', '- [ ] B', '- [ ] C', '- [ ] D', '- [ ] E') })],
  ['above in a longer word', question({ answer: options('- [x] aboveboard', '- [ ] optional Basis') })],
  ['a short answer that is the longest', question({ answer: options('- [x] two brokers', '- [ ] one') })],
  ['always in one option', question({ answer: options('- [x] Often', '- [ ] Always', '- [ ] At times') })],
  [
    'never in the right one, too',
    question({ answer: options('- [x] Never', '- [ ] Always', '- [ ] At times') }),
  ],
  [
    'ideas, a claim and a proof that are there',
    question({
      settings: ' exercise=05 proof=play:05 points=10',
      answer:
        '- [x] Yes\n  > So.\n- [ ] No <!-- m=05/math-abs claim=3 -->\n  > No.\n- [ ] Hardly <!-- m=known-idea -->\n  > No.\n',
    }),
  ],
  [
    'a number near a range',
    question({
      settings: ' type=numeric',
      answer: `${ROWS}| \`15 ± 2\` | 100% | |\n| \`17.5\` | 0% | No. |\n| \`15 ms\` | 0% | No. |\n`,
    }),
  ],
]
