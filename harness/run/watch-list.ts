/** The list of exercises, laid over everything else. */
export interface BookList {
  /** Index into the exercises that the filter leaves. */
  at: number
  filter: string
  /** Keys go to the filter. */
  typing: boolean
}

interface Listed {
  name: string
  title: string
}

/** The list with one exercise marked. */
export function openList(exercises: readonly Listed[], at: number): BookList {
  return { at: Math.max(0, Math.min(at, exercises.length - 1)), filter: '', typing: false }
}

/** Indices of the exercises that the filter leaves: every word of it is in their name or title. */
export function listed(exercises: readonly Listed[], filter: string): number[] {
  const words = filter.toLowerCase().split(' ').filter(Boolean)
  return exercises.flatMap(({ name, title }, index) => {
    const text = `${name} ${title}`.toLowerCase()
    return words.every((word) => text.includes(word)) ? [index] : []
  })
}

/** The list after a key: null when it closes, and `chosen` is the index of the exercise to go to. */
export function listKey(
  exercises: readonly Listed[],
  list: BookList,
  key: string,
): { list: BookList | null; chosen: number | null } {
  if (list.typing) return { list: typed(list, key), chosen: null }
  const shown = listed(exercises, list.filter)
  if (key === 'return') return { list: null, chosen: shown[list.at] ?? null }
  if (key === 'escape' || key === 'l' || key === 'q') return { list: null, chosen: null }
  if (key === '/') return { list: { ...list, typing: true, filter: '', at: 0 }, chosen: null }
  const at = Math.max(0, Math.min(moved(list.at, shown.length, key), shown.length - 1))
  return { list: { ...list, at }, chosen: null }
}

function moved(at: number, count: number, key: string): number {
  switch (key) {
    case 'up':
    case 'k':
      return at - 1
    case 'down':
    case 'j':
      return at + 1
    case 'pageup':
      return at - 10
    case 'pagedown':
      return at + 10
    case 'home':
    case 'g':
      return 0
    case 'end':
    case 'G':
      return count - 1
    default:
      return at
  }
}

function typed(list: BookList, key: string): BookList {
  if (key === 'return') return { ...list, typing: false }
  if (key === 'escape') return { ...list, typing: false, filter: '', at: 0 }
  if (key === 'backspace') return { ...list, filter: list.filter.slice(0, -1), at: 0 }
  const letter = key === 'space' ? ' ' : key
  return [...letter].length === 1 ? { ...list, filter: list.filter + letter, at: 0 } : list
}
