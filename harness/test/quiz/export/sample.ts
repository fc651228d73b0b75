import { fileURLToPath } from 'node:url'
import type { Question, Quiz } from '../../../quiz/question.ts'
import { quizFiles } from '../../../quiz/quiz-files.ts'
import { readQuizFile } from '../../../quiz/read-file.ts'
import { readQuiz } from '../../../quiz/read-quiz.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** The files of the workbook's own quizzes. */
export const shippedFiles: readonly string[] = quizFiles(root)

export function shippedQuizzes(): Quiz[] {
  return shippedFiles.map((file) => readQuizFile(file).quiz)
}

/** All kinds, with the characters that each format has a meaning for. */
export const sample = `# Odd & ends: {a} = b
<!-- quiz
id: sample
kafka: ">=4.0"
idea: secret-idea 05
-->

## One: #1 ~ {x}
<!-- q id=one proof=check:secret-proof points=3 -->

What is \`Map<string, {a: 1}>\` && **not** [a link](https://example.org/a?b=c&d=e)? <!-- secret-note -->

\`\`\`ts
const a = { b: '<!-- stays -->' } // -> ~

if (a.b === 'C:\\\\new') print()
\`\`\`

> [!TIP]
> Look at the *braces*.

- [ ] [x] is no box: 50 % = half <!-- m=secret-idea -->
  > SECRET-A: no ~ = # { } here.
- [x] \`{ right: '<!-- kept -->' }\`
  > SECRET-B

  \`\`\`ts
  more(code)
  \`\`\`
- [ ] nearly \\\\ right <!-- credit=50% claim=7 -->
  > SECRET-C
  >
  > with two paragraphs

> [!NOTE]
> SECRET-NOTE-1 a -> b
> Source: [x](https://example.org/)

## Several
<!-- q id=several shuffle=no -->

Which?

- [x] first
  > SECRET-D
- [ ] second
  > SECRET-E
- [x] third
  > SECRET-F
- [ ] fourth
  > SECRET-G
- [x] fifth
  > SECRET-H

> [!NOTE]
> SECRET-NOTE-2

## Order
<!-- q id=order type=order -->

In which order?

1. alpha \`a\`
2. beta
3. gamma
   and more
4. delta
5. epsilon

> [!NOTE]
> SECRET-NOTE-3

## Match
<!-- q id=match type=match -->

Which?

<details>
<summary>Answer</summary>

| Item | Match |
| --- | --- |
| item -> one | \`a \\| b\` |
| item two | match = two |
| item three | match three |
| | too many |

</details>

> [!NOTE]
> SECRET-NOTE-4

## Number
<!-- q id=number type=numeric unit=MB/s points=2 -->

How many?

<details>
<summary>Answer</summary>

| Answer | Credit | Feedback |
| --- | --- | --- |
| \`7777.5 ± 2%\` | 100% | SECRET-I |
| \`7777 ± 1000\` | 50% | SECRET-J <!-- m=secret-idea --> |
| \`-5555\` | 0% | SECRET-K |

</details>

\`\`\`ts key
console.log(7777.5)
\`\`\`

> [!NOTE]
> SECRET-NOTE-5

## Text
<!-- q id=text type=text -->

Which setting?

| Answer | Credit | Feedback |
| --- | --- | --- |
| \`secretId $[0]\` | 100% | SECRET-L |
| \`secret.id+\` | 25% | |

> [!NOTE]
> SECRET-NOTE-6

## Exact text
<!-- q id=exact type=text case=exact -->

Which setting?

| Answer | Credit | Feedback |
| --- | --- | --- |
| \`secretCase\` | 100% | SECRET-M |

## Output
<!-- q id=output type=output -->

What does it print?

\`\`\`ts
for (const n of [1, 2]) console.log('SEC' + 'RET', n)
\`\`\`

<details>
<summary>Answer</summary>

\`\`\`output
SECRET 1
SECRET 2
\`\`\`

</details>

> [!NOTE]
> SECRET-NOTE-7
`

export function sampleQuiz(): Quiz {
  return readQuiz(sample, 'sample').quiz
}

export function questionOf(quiz: Quiz, id: string): Question {
  const question = quiz.questions.find((one) => one.id === id)
  if (!question) throw new Error(`no question ${id}`)
  return question
}
