/**
 * A table as CSV (RFC 4180, every cell in quotes). A cell that a spreadsheet would take for a formula gets an apostrophe
 * before it (the rule of OWASP's "CSV Injection": = + - @, tab and carriage return); control characters are removed.
 */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(value: string | number): string {
  if (typeof value === 'number') return `"${value}"`
  // A tab or a line end at the start is as good as no start; in the middle it is a blank.
  const text = value.replace(/\p{Cc}+/gu, ' ').trim()
  const safe = /^[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
