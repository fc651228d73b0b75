import { committedPartitions } from '../kafka/wiretap/commits.ts'
import type { Wiretap } from '../kafka/wiretap/open.ts'
import { producedRecords } from '../kafka/wiretap/produced.ts'
import type { WireView } from './fixtures.ts'

/** What a check sees of the wire: its wiretap's journal so far, and the way to inject faults. */
export function wireView(wiretap: Wiretap): WireView {
  return {
    requests: (api) => wiretap.journal.filter((exchange) => api === undefined || exchange.api === api),
    produced: () => producedRecords(wiretap.journal),
    commits: () => committedPartitions(wiretap.journal),
    fault: (fault) => wiretap.inject(fault),
  }
}
