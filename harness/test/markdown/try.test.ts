import { test } from 'vitest'
import { parseMarkdown } from '../../markdown/parse.ts'

test('x', () => {
  const md = `# T
<!-- quiz
id: x
-->

## Q one
<!-- q id=a -->

Stem with \`a < b\` and Promise<void>.

- [ ] An **option** <!-- m=1 -->
  > Feedback here.
- [x] Right

  > Second.

> [!NOTE]
> Text
> Source: [x](https://a.b)

| Answer | Credit |
| --- | --- |
| \`1 ± 2\` | 100% |

<details>
<summary>Answer</summary>

\`\`\`output
a
\`\`\`

</details>
`
  console.log(JSON.stringify(parseMarkdown(md), null, 1))
})
