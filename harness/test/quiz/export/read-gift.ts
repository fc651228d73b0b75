/** A question as GIFT says it, read by the rules of docs.moodle.org, "GIFT format", and of nothing of the writer's. */
export interface GiftQuestion {
  id: string | null
  title: string
  stem: string
  isNumeric: boolean
  answers: GiftAnswer[]
  general: string
}

export interface GiftAnswer {
  mark: '=' | '~'
  /** Percent; null where none is written. */
  weight: number | null
  text: string
  /** Of a pair. */
  match: string | null
  feedback: string
}

/** One character, and whether it was written with a backslash before it: such a one has no meaning of its own. */
interface Character {
  text: string
  isEscaped: boolean
}

export function readGift(source: string): GiftQuestion[] {
  const paragraphs = source.split(/\n\s*\n/).filter((text) => text.trim() !== '')
  return paragraphs.flatMap((paragraph) => {
    const comments = paragraph.split('\n').filter((line) => line.trim().startsWith('//'))
    const body = paragraph.split('\n').filter((line) => !line.trim().startsWith('//'))
    const id = /\[id:([^\]]*)\]/.exec(comments.join('\n'))?.[1] ?? null
    return body.join('').trim() === '' ? [] : readQuestion(characters(body.join('\n').trim()), id)
  })
}

function characters(source: string): Character[] {
  return [...source.matchAll(/\\([\\~=#{}:n])|([\s\S])/g)].map(([, escaped, plain]) =>
    escaped === undefined
      ? { text: plain as string, isEscaped: false }
      : { text: escaped === 'n' ? '\n' : escaped, isEscaped: true },
  )
}

function readQuestion(all: Character[], id: string | null): GiftQuestion {
  const [, title = [], rest = []] = split(all, '::')
  const [stem = [], inner = []] = split(rest, '{')
  const [answers = [], behind = []] = split(inner, '}')
  if (said(behind) !== '') throw new Error(`behind the answers stands ${said(behind)}`)
  const [listed = [], general = []] = split(answers, '####')
  const isNumeric = said(listed).startsWith('#')
  return {
    id,
    title: said(title),
    stem: said(stem),
    isNumeric,
    answers: answersOf(isNumeric ? listed.slice(listed.findIndex(({ text }) => text === '#') + 1) : listed),
    general: said(general),
  }
}

function answersOf(listed: Character[]): GiftAnswer[] {
  const starts = listed.flatMap((one, at) => (!one.isEscaped && /[=~]/.test(one.text) ? [at] : []))
  return starts.map((start, index) => {
    const [whole = [], feedback = []] = split(listed.slice(start + 1, starts[index + 1]), '#')
    const [text = [], match] = split(whole, '->')
    const [, weight, words = said(text)] = /^%(-?[\d.]+)%([\s\S]*)$/.exec(said(text)) ?? []
    return {
      mark: listed[start]?.text as '=' | '~',
      weight: weight === undefined ? null : Number(weight),
      text: words,
      match: match ? said(match) : null,
      feedback: said(feedback),
    }
  })
}

/** At every place where `mark` is written without a backslash; a mark of several characters once only. */
function split(all: Character[], mark: string): Character[][] {
  const parts: Character[][] = [[]]
  for (let at = 0; at < all.length; at++) {
    const here = all.slice(at, at + mark.length)
    if (here.map(({ text }) => text).join('') === mark && here.every(({ isEscaped }) => !isEscaped)) {
      parts.push([])
      at += mark.length - 1
    } else parts.at(-1)?.push(all[at] as Character)
  }
  return parts
}

function said(of: Character[]): string {
  return of
    .map(({ text }) => text)
    .join('')
    .trim()
}
