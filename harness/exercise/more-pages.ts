import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Exercise } from './find.ts'

/** Further pages beside an exercise's page, by name: those that it names or links to. Others are somebody's notes. */
export function morePages({ pageFile, hintsFile }: Exercise): string[] {
  if (!existsSync(pageFile)) return []
  const folder = path.dirname(pageFile)
  const text = readFileSync(pageFile, 'utf8')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && (text.includes(`\`${name}\``) || text.includes(`](${name})`)))
    .map((name) => path.join(folder, name))
    .filter((file) => file !== pageFile && file !== hintsFile)
    .sort()
}
