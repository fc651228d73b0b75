import fs from 'node:fs'
import path from 'node:path'
import { isAlive } from '../is-alive.ts'

/**
 * Notes that this process uses a node that stays up between runs, in `.workbook/users/` of the workbook that started it:
 * no other run removes the node meanwhile, however old it is. Returns what takes the note back. A workbook that cannot be
 * written to has no notes.
 */
export function noteUser(root: string, node: string): () => void {
  const file = path.join(usersFolder(root), `${node}.${process.pid}`)
  try {
    fs.mkdirSync(usersFolder(root), { recursive: true })
    fs.writeFileSync(file, '')
  } catch {
    return () => {}
  }
  return () => fs.rmSync(file, { force: true })
}

/** Whether a process that lives uses the node. Notes of processes that were killed are removed. */
export function hasUser(root: string, node: string): boolean {
  let used = false
  for (const name of notesIn(root)) {
    const [of, pid] = name.split('.')
    if (isAlive(Number(pid))) used ||= of === node
    else fs.rmSync(path.join(usersFolder(root), name), { force: true })
  }
  return used
}

function notesIn(root: string): string[] {
  try {
    return fs.readdirSync(usersFolder(root))
  } catch {
    // Nobody has ever used one, or the workbook is gone.
    return []
  }
}

function usersFolder(root: string): string {
  return path.join(root, '.workbook', 'users')
}
