import type { Block } from '../markdown/content.ts'

/** The blocks of one question: its heading, and all up to the next one. */
export interface Section {
  title: string
  line: number
  blocks: Block[]
}
