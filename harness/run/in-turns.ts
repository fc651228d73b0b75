/**
 * The same items in another order: the first one of each kind, then the second ones, and so on. Answers of one exercise wait
 * at the same moments; beside those of others there is always something to do.
 */
export function inTurns<T>(items: readonly T[], kindOf: (item: T) => string): T[] {
  const taken = new Map<string, number>()
  const placed = items.map((item) => {
    const kind = kindOf(item)
    const turn = taken.get(kind) ?? 0
    taken.set(kind, turn + 1)
    return { item, turn }
  })
  return placed.sort((a, b) => a.turn - b.turn).map(({ item }) => item)
}
