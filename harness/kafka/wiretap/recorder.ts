import type { Exchange, LaneEnd } from './journal.ts'
import type { OpenedRequest } from './open-frame.ts'

/** How much a journal keeps; an answer that produces in an endless loop must not fill the memory of its judge. */
export interface JournalLimits {
  exchanges: number
  /** What all requests and answers take, roughly. */
  bytes: number
}

export const JOURNAL_LIMITS: JournalLimits = { exchanges: 20_000, bytes: 64 * 1024 * 1024 }

/** The `api` of the last entry of a journal that was cut. */
const CUT = 'Journal'

/** Writes the journal. It keeps the beginning: once full, it says so in one last entry and keeps nothing more. */
export class Recorder {
  readonly exchanges: Exchange[] = []
  readonly ends: LaneEnd[] = []
  private readonly limits: JournalLimits
  private readonly openedAt = performance.now()
  private count = 0
  private bytes = 0
  private full = false

  constructor(limits: JournalLimits = JOURNAL_LIMITS) {
    this.limits = limits
  }

  /** Notes a request. The exchange is returned even when the journal is too full to keep it. */
  request(lane: string, connection: number, opened: OpenedRequest): Exchange {
    this.count += 1
    const exchange: Exchange = {
      number: this.count,
      lane,
      connection,
      clientId: opened.header?.clientId ?? null,
      api: opened.name,
      version: opened.header?.apiVersion ?? -1,
      requestAtMs: this.now(),
      request: opened.body,
      response: null,
      responseAtMs: null,
      fault: null,
      ...(opened.unread === null ? {} : { unread: opened.unread }),
    }
    if (!this.full && this.exchanges.length < this.limits.exchanges && this.fits(opened.heldBytes)) {
      this.exchanges.push(exchange)
    } else if (!this.full) {
      this.full = true
      this.exchanges.push(cutMark(exchange, this.limits))
    }
    return exchange
  }

  /** Notes the answer to `exchange`; `unread` says why there is no `response`. */
  answer(exchange: Exchange, response: unknown, frameBytes: number, unread: string | null = null): void {
    exchange.responseAtMs = this.now()
    if (unread !== null) exchange.unread = unread
    else if (this.fits(frameBytes)) exchange.response = response
    else exchange.unread = 'the answer was not kept: the journal is full'
  }

  /** Notes that the process that used a lane is gone. */
  end(lane: string): void {
    this.ends.push({ lane, atMs: this.now() })
  }

  /** Milliseconds since the journal began. */
  now(): number {
    return performance.now() - this.openedAt
  }

  private fits(bytes: number): boolean {
    if (this.bytes + bytes > this.limits.bytes) return false
    this.bytes += bytes
    return true
  }
}

function cutMark(first: Exchange, limits: JournalLimits): Exchange {
  const mebibytes = Math.round(limits.bytes / 1024 / 1024)
  const unread = `the journal ends here: it keeps ${limits.exchanges} exchanges or ${mebibytes} MiB`
  return { ...first, lane: '', api: CUT, request: null, unread }
}
