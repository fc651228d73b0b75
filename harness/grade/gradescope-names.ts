/** Who handed in one submission of a Gradescope export. */
export interface Submitters {
  names: string[]
  /** Student ids, else e-mail addresses. */
  ids: string[]
}

/**
 * Reads `submission_metadata.yml` of a Gradescope export: submission folder -> submitters. Only the lines that name them
 * are looked at; whatever else stands there is passed over, and a file that is something else gives an empty map.
 */
export function readGradescopeNames(text: string): Map<string, Submitters> {
  const found = new Map<string, Submitters>()
  let now: Submitters | null = null
  for (const line of text.split(/\r?\n/)) {
    const folder = /^(submission_\d+):\s*$/.exec(line)?.[1]
    if (folder) {
      now = { names: [], ids: [] }
      found.set(folder, now)
      continue
    }
    // The history of a submission repeats keys deeper down.
    const [, key, value = ''] = /^\s{2,4}(?:- )?:(name|sid|email):\s*(.*)$/.exec(line) ?? []
    if (!now || !key) continue
    if (key === 'name') now.names.push(scalar(value))
    else if (key === 'sid' && scalar(value)) now.ids.push(scalar(value))
    else if (key === 'email' && now.ids.length < now.names.length) now.ids.push(scalar(value))
  }
  return found
}

/** A YAML value on one line: plain, or in quotes. */
function scalar(value: string): string {
  const text = value.trim()
  const [, double, single] = /^(?:"(.*)"|'(.*)')$/.exec(text) ?? []
  return (double ?? single?.replaceAll("''", "'") ?? text).replace(/^(?:null|~)$/, '')
}
