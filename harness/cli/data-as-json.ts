/**
 * Data that can be cloned, as JSON: what JSON has no word for becomes the nearest that it has. A number without bounds is a
 * text, a map or a set a list, and a part that holds itself stands as `[circular]` where it comes again.
 */
export function dataAsJson(data: unknown): string {
  /** What is being written at this moment, from the outside in: as it was, and as JSON sees it. */
  const open: { was: unknown; is: unknown }[] = []
  function replace(this: unknown, _key: string, value: unknown): unknown {
    if (typeof value === 'bigint') return `${value}`
    if (typeof value !== 'object' || value === null) return value
    while (open.length > 0 && open.at(-1)?.is !== this) open.pop()
    if (open.some(({ was }) => was === value)) return '[circular]'
    const is = value instanceof Map || value instanceof Set ? [...value] : value
    open.push({ was: value, is })
    return is
  }
  return JSON.stringify(data, replace, 2)
}
