import type { Block } from '../markdown/content.ts'

/** A text laid over the verdict until Escape. */
export type WatchPage = { title: string } & (
  | { kind: 'hint'; blocks: readonly Block[] }
  | { kind: 'lesson' | 'difference' | 'solution' | 'scene' | 'help'; lines: readonly string[] }
)

/** What every key does. */
export const HELP: WatchPage = {
  kind: 'help',
  title: 'Keys',
  lines: [
    'n  next exercise            p  the one before',
    'i  the instructions: the page of the exercise',
    'h  a hint, one more each time',
    'l  all exercises            /  in the list: search',
    't  play a scene, and see what went over the wire',
    'd  what you have changed; after passing, what the solution does',
    's  the solution',
    'r  judge again, also when a save was not noticed',
    'x  reset: the stub again; your file is kept',
    'u  undo: the text before the last change',
    'q  quit                     Esc  back to the verdict',
    'Arrows, Page Up and Page Down, Home and End move a long text.',
    '',
    'n and p keep to your path through the book:  npm start -- --path two-hours',
    'Every text that was judged is kept: nothing that you wrote is lost.',
  ],
}
