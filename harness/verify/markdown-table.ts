/** A table in GitHub's Markdown. A head that begins with `>` is aligned to the right. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly unknown[])[]): string[] {
  const line = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |`
  return [
    line(heads.map((head) => head.replace(/^>/, ''))),
    line(heads.map((head) => (head.startsWith('>') ? '--:' : '---'))),
    ...rows.map(line),
  ]
}
