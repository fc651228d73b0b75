import { expect, test } from 'vitest'
import { hintsByName } from '../../cli/next-hint.ts'
import { listExercises } from '../../exercise/find.ts'
import { parseMarkdown } from '../../markdown/parse.ts'
import { renderBlocks } from '../../markdown/terminal.ts'
import { ROOT } from '../quiz/shipped.ts'

test.each(listExercises(ROOT))(
  'the terminal shows all of every hint of $name, without its marks',
  (exercise) => {
    for (const [name, text] of hintsByName(exercise)) {
      const { blocks, problems } = parseMarkdown(text)
      expect(problems, name).toEqual([])
      const shown = renderBlocks(blocks, { colour: true, ticks: true, width: 80 }).join('\n')
      expect(shown, name).not.toMatch(/`|\b_\w+_\b|\*\*/)
    }
  },
)
