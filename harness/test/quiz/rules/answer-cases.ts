import { inQuiz, type RuleCase } from './rule-case.ts'

function choice(rule: string, what: string, options: string, settings = ''): RuleCase {
  return inQuiz(rule, what, `\n## Good\n<!-- q id=good${settings} -->\n\nAsked?\n\n${options}\n`)
}

/** The settings are on the line that is told. */
function headed(rule: string, what: string, settings: string, answer: string): RuleCase {
  return inQuiz(rule, what, `\n## Good\n=> <!-- q id=good${settings} -->\n\nAsked?\n\n${answer}\n`)
}

const ROWS = '| Answer | Credit | Feedback |\n| --- | --- | --- |\n'
const PAIRS = '| Item | Match |\n| --- | --- |\n'
const KEY = '\n\n```ts key\nconsole.log(1)\n```\n'

/** Rules that the answers of all kinds follow. */
export const ANSWER_CASES = [
  choice('no-task', 'no space behind the box', '- [x] Yes\n=> - [ ]No'),
  choice('no-task', 'an item without a box', '- [x] Yes\n=> - No'),
  choice('no-words', 'an empty option', '- [x] Yes\n=> - [ ] <!-- m=a -->'),
  choice('unknown-key', 'of an option', '- [x] Yes\n=> - [ ] No <!-- why=a -->'),
  choice('key-twice', 'of an option', '- [x] Yes\n=> - [ ] No <!-- m=a m=b -->'),
  choice('value', 'the credit of an option', '- [x] Yes\n=> - [ ] No <!-- credit=101% -->'),
  choice('value', 'a claim that is no number', '- [x] Yes\n=> - [ ] No <!-- claim=five -->'),
  choice('comment', 'below the words of an option', '- [x] Yes\n=> - [ ] No\n  <!-- m=a -->'),
  headed('no-right-option', 'no box is checked', '', '- [ ] Yes\n- [ ] No'),
  headed('one-option', 'a single one', '', '- [x] Yes'),
  headed('same-option', 'two options in the same words', '', '- [x] Yes\n- [ ] No\n- [ ] No <!-- m=a -->'),
  headed('all-right', 'every box is checked', '', '- [x] Yes\n- [x] No'),
  headed(
    'type',
    'several are right, and one is asked for',
    ' type=single',
    '- [x] Yes\n- [x] Also\n- [ ] No',
  ),

  headed('short-order', 'two things', ' type=order', '1. One\n2. Two'),
  headed('same-option', 'two things alike', ' type=order', '1. One\n2. Two\n3. One'),
  choice('no-words', 'a thing of two blocks', '1. One\n=> 2. Two\n   > More.\n3. Three', ' type=order'),
  headed('misfit', 'an order is always shuffled', ' type=order shuffle=no', '1. One\n2. Two\n3. Three'),

  headed('short-match', 'one pair', '', `${PAIRS}| a | 1 |\n| | 2 |`),
  headed('same-option', 'two matches alike', '', `${PAIRS}| a | 1 |\n| b | 1 |`),
  headed('no-words', 'an item without a match', '', `${PAIRS}| a | 1 |\n| b | |\n| c | 3 |`),

  headed('type', 'a table of answers without one', '', `${ROWS}| \`1\` | 100% | |`),
  headed('no-right-option', 'no row of 100%', ' type=numeric', `${ROWS}| \`1\` | 50% | Nearly. |`),
  choice('credit', 'no percentage', `${ROWS}| \`1\` | 100% | |\n=> | \`2\` | half | No. |`, ' type=numeric'),
  choice('credit', 'more than all', `${ROWS}| \`1\` | 100% | |\n=> | \`2\` | 101% | No. |`, ' type=text'),
  choice(
    'unknown-key',
    'of a row',
    `${ROWS}| \`1\` | 100% | |\n=> | \`2\` | 0% | No. <!-- why=a --> |`,
    ' type=text',
  ),
  headed('value', 'case', ' type=text case=any', `${ROWS}| \`a\` | 100% | |`),
  headed('misfit', 'case of a number', ' type=numeric case=exact', `${ROWS}| \`1\` | 100% | |`),
  headed('value', 'run', ' type=numeric run=ts', `${ROWS}| \`1\` | 100% | |${KEY}`),

  choice('key-program', 'before the table', `=> ${KEY.trim()}\n\n${ROWS}| \`1\` | 100% | |`, ' type=numeric'),
  choice('key-program', 'of a text', `${ROWS}| \`1\` | 100% | |\n\n=> ${KEY.trim()}`, ' type=text'),
  choice('key-program', 'of a choice', `- [x] Yes\n- [ ] No\n\n=> ${KEY.trim()}`),
  choice('key-program', 'a second one', `${ROWS}| \`1\` | 100% | |${KEY}\n=> ${KEY.trim()}`, ' type=numeric'),
  headed('no-program', 'an output of nothing', ' type=output', '```output\n1\n```'),
]
