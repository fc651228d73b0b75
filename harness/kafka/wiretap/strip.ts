import type { WireLine } from '../../result.ts'
import { factsOf } from './facts.ts'
import type { Exchange } from './journal.ts'
import { oneLine, shorten } from './show-value.ts'

/** Characters of a line; only hostile names make it longer. */
const LINE_WIDTH = 400

/**
 * Draws the wire strip: one line for each fact worth showing, in the order of the requests. `text` does not repeat the
 * API's name, which stands in `api`. Equal lines in a row become one with `x4`; requests without news (ApiVersions, good
 * Metadata, empty fetches) are left out. Times count from the first request in the journal. The lane is named only when
 * there are several. Every line of an exchange that `isMarked` picks is marked, and stands for itself.
 */
export function strip(
  journal: readonly Exchange[],
  isMarked: (exchange: Exchange) => boolean = () => false,
): WireLine[] {
  const startedAtMs = journal[0]?.requestAtMs ?? 0
  const severalLanes = new Set(journal.map(({ lane }) => lane).filter(Boolean)).size > 1
  const lines: (WireLine & { times: number })[] = []
  for (const exchange of journal) {
    const marked = isMarked(exchange)
    for (const text of textsOf(exchange, marked)) {
      const atMs = Math.round(exchange.requestAtMs - startedAtMs)
      const line = { atMs, lane: severalLanes ? exchange.lane : '', api: exchange.api, text, marked }
      const last = lines.at(-1)
      if (last && !marked && saysTheSame(last, line)) last.times += 1
      else lines.push({ ...line, times: 1 })
    }
  }
  return lines.map(({ times, ...line }) =>
    times === 1 ? line : { ...line, text: `${line.text}  x${times}`.trimStart() },
  )
}

/** What one exchange has to tell; an injected fault and a marked line are always shown. */
function textsOf(exchange: Exchange, marked: boolean): string[] {
  const facts = tryFacts(exchange).map((fact) => shorten(oneLine(fact), LINE_WIDTH))
  if (exchange.fault === null) return facts.length > 0 || !marked ? facts : ['']
  const suffix = `(fault: ${exchange.fault})`
  return (facts.length > 0 ? facts : ['']).map((fact) => `${fact}  ${suffix}`.trimStart())
}

/** What a client or a broker sent may be broken in ways that only the reading of records shows. */
function tryFacts(exchange: Exchange): string[] {
  try {
    return factsOf(exchange)
  } catch (error) {
    return [`cannot be shown: ${(error as Error).message}`]
  }
}

function saysTheSame(one: WireLine, other: WireLine): boolean {
  return (
    one.lane === other.lane && one.api === other.api && one.text === other.text && one.marked === other.marked
  )
}
