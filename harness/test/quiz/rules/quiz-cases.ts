import { HEAD, inQuiz, ruleCase } from './rule-case.ts'

/** A question that is right. */
const GOOD = `
## Good
<!-- q id=good -->

Asked?

- [x] Yes
- [ ] No
`

const OUTPUT = '\n## Output\n<!-- q id=output -->\n\nPrints?\n\n```ts\nconsole.log(1)\n```\n\n'

/** Rules that the Markdown, the head of a quiz and its cutting into questions follow. */
export const QUIZ_CASES = [
  ruleCase('title', 'no title', `=> <!-- quiz\nid: t\nkafka: ">=4.0"\n-->\n${GOOD}`),
  ruleCase('title', 'a title of the second level', `=> Title\n${HEAD.replace(/^# Title\n/, '')}${GOOD}`),
  ruleCase('head', 'no head', `=> # Title\n${GOOD}`),
  ruleCase('head', 'text before the head', `=> # Title\n\n<!-- something else -->\n${GOOD}`),
  ruleCase('id', 'another id than the file', `# Title\n=> <!-- quiz\nid: u\nkafka: ">=4.0"\n-->\n${GOOD}`),
  ruleCase('kafka', 'no version', `# Title\n=> <!-- quiz\nid: t\n-->\n${GOOD}`),
  ruleCase('kafka', 'no range', `# Title\n=> <!-- quiz\nid: t\nkafka: "4.0"\n-->\n${GOOD}`),
  ruleCase('value', 'pass of 0', `# Title\n=> <!-- quiz\nid: t\nkafka: ">=4.0"\npass: 0\n-->\n${GOOD}`),
  ruleCase('idea', 'no exercise', `# Title\n=> <!-- quiz\nid: t\nkafka: ">=4.0"\nidea: x\n-->\n${GOOD}`),
  ruleCase('idea', 'no name', `# Title\n=> <!-- quiz\nid: t\nkafka: ">=4.0"\nidea: X 05\n-->\n${GOOD}`),
  ruleCase(
    'unknown-key',
    'in the head',
    `# Title\n=> <!-- quiz\nid: t\nkafka: ">=4.0"\nby: me\n-->\n${GOOD}`,
  ),
  ruleCase('unknown-key', 'no key', `# Title\n=> <!-- quiz\nid: t\nkafka: ">=4.0"\nby me\n-->\n${GOOD}`),
  ruleCase('key-twice', 'in the head', `# Title\n=> <!-- quiz\nid: t\nid: t\nkafka: ">=4.0"\n-->\n${GOOD}`),
  ruleCase('empty', 'no question', `=> ${HEAD}`),
  inQuiz('outside', 'a paragraph before the questions', `\n=> Welcome.\n${GOOD}`),
  inQuiz('outside', 'a heading of the third level', `\n=> ### Part one\n${GOOD}`),
  inQuiz(
    'swallowed',
    'a question between two fences',
    GOOD.replace('Asked?', 'Asked?\n\n```\n## Lost\n=> <!-- q id=lost -->\n```'),
  ),
  inQuiz('id-twice', 'two questions of one id', `${GOOD}\n=> ${GOOD.trimStart()}`),

  inQuiz('html', 'a block', `${GOOD}\n=> <table><tr><td>a</td></tr></table>\n`),
  inQuiz('html', 'a comment without an end', `${GOOD}\n=> <!-- to do\n`),
  inQuiz(
    'html',
    'a type in text, on the second line',
    GOOD.replace('Asked?', 'Is it\n=> a Promise<void> here?'),
  ),
  inQuiz('markdown', 'a picture', GOOD.replace('Asked?', '=> Which ![picture](a.png)?')),
  inQuiz('markdown', 'a picture on the third line', GOOD.replace('Asked?', 'a\nb\n=> ![c](a.png)?')),
  inQuiz('markdown', 'a rule', GOOD.replace('Asked?', 'Asked?\n\n=> ***')),
  inQuiz('markdown', 'struck words', GOOD.replace('- [ ] No', '=> - [ ] No, ~~yes~~')),
  inQuiz('markdown', 'a footnote, which is a link definition', `${GOOD}\n=> [^1]: https://example.org\n`),
  inQuiz(
    'unclosed-fence',
    'at the end of the file',
    `${OUTPUT}=> \`\`\`output
1
`,
  ),
  inQuiz(
    'unclosed-fence',
    'by a shorter one',
    `${OUTPUT}=> \`\`\`\`output
1
\`\`\`
`,
  ),
  ruleCase('too-deep', 'quotes', `# Title\n\n=> ${'> '.repeat(9)}a\n`),
  ruleCase('too-large', 'a file', `=> # Title\n${'a line\n'.repeat(40_000)}`),
  ruleCase('too-long', 'a line', `# Title\n\n=> ${'word '.repeat(401)}\n`),

  inQuiz('question-head', 'none', '\n=> ## Title\n\nAsked?\n\n- [x] Yes\n- [ ] No\n'),
  inQuiz(
    'question-head',
    'below the stem',
    '\n=> ## Title\n\nAsked?\n\n<!-- q id=a -->\n\n- [x] Yes\n- [ ] No\n',
  ),
  inQuiz('id', 'none', GOOD.replace('<!-- q id=good', '=> <!-- q points=2')),
  inQuiz('id', 'with a capital letter', GOOD.replace('<!-- q id=good', '=> <!-- q id=Good')),
  inQuiz('unknown-key', 'of a question', GOOD.replace('<!-- q id=good', '=> <!-- q id=good level=2')),
  inQuiz('unknown-key', 'a word of a question', GOOD.replace('<!-- q id=good', '=> <!-- q id=good hard')),
  inQuiz('key-twice', 'of a question', GOOD.replace('<!-- q id=good', '=> <!-- q id=good points=1 points=2')),
  inQuiz('type', 'that nobody knows', GOOD.replace('<!-- q id=good', '=> <!-- q id=good type=riddle')),
  inQuiz('type', 'other than the answer', GOOD.replace('<!-- q id=good', '=> <!-- q id=good type=order')),
  inQuiz('value', 'no points', GOOD.replace('<!-- q id=good', '=> <!-- q id=good points=0')),
  inQuiz('value', 'too many points', GOOD.replace('<!-- q id=good', '=> <!-- q id=good points=11')),
  inQuiz('value', 'shuffle', GOOD.replace('<!-- q id=good', '=> <!-- q id=good shuffle=yes')),
  inQuiz('misfit', 'a unit of a choice', GOOD.replace('<!-- q id=good', '=> <!-- q id=good unit=ms')),
  inQuiz('misfit', 'run of a choice', GOOD.replace('<!-- q id=good', '=> <!-- q id=good run=broker')),
  inQuiz('stem', 'none', GOOD.replace('## Good', '=> ## Good').replace('Asked?', '')),
  inQuiz('heading', 'in a question', GOOD.replace('Asked?', 'Asked?\n\n=> ### More')),
  inQuiz('comment', 'in a question', GOOD.replace('Asked?', 'Asked?\n\n=> <!-- to do -->')),
  inQuiz('alert', 'a hint behind the answer', `${GOOD}\n=> > [!TIP]\n> Think.\n`),
  inQuiz(
    'alert',
    'an explanation before the answer',
    GOOD.replace('Asked?', 'Asked?\n\n=> > [!NOTE]\n> So.'),
  ),
  inQuiz('alert', 'one that is not known', GOOD.replace('Asked?', 'Asked?\n\n=> > [!WARNING]\n> So.')),
  inQuiz('alert', 'a second hint', GOOD.replace('Asked?', 'Asked?\n\n> [!TIP]\n> A.\n\n=> > [!TIP]\n> B.')),
  inQuiz('two-answers', 'a list and an output', `${GOOD}\n=> \`\`\`output\n1\n\`\`\`\n`),
  inQuiz('after-answer', 'a paragraph', `${GOOD}\n=> Well asked.\n`),
  inQuiz('no-answer', 'only a stem', '\n=> ## Good\n<!-- q id=good -->\n\nAsked?\n'),
  inQuiz(
    'no-answer',
    'boxes that are none',
    GOOD.replace('## Good', '=> ## Good').replace('[x]', '[]').replace('[ ]', '[-]'),
  ),
]
