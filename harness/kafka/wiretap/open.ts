import { showAddress } from '../client/address.ts'
import { connect } from '../client/client.ts'
import type { Security } from '../client/security.ts'
import { type Fault, Faults } from './faults.ts'
import { guardNames, NO_GUARD } from './guard.ts'
import type { Exchange, LaneEnd } from './journal.ts'
import { Lane, type Wire } from './lane.ts'
import { JOURNAL_LIMITS, type JournalLimits, Recorder } from './recorder.ts'
import { TopicIds } from './topic-ids.ts'

export type { Lane } from './lane.ts'

/** The proxy between answers and the broker. Every request and answer that passes is written into the journal. */
export interface Wiretap {
  /** Opens a lane: a bootstrap address that leads to the broker. Several lanes share one journal and one set of faults. */
  lane(name: string): Promise<Lane>
  /** Every exchange over all lanes, in the order of arrival; it grows while lanes are in use. */
  readonly journal: readonly Exchange[]
  /** When the process of each lane was gone, for lanes that were closed and not cut. */
  readonly ends: readonly LaneEnd[]
  /** Milliseconds since it was opened: the journal's time. */
  now(): number
  /** A fault for the requests that follow, over all lanes. Throws WorkbookError when it cannot be done. */
  inject(fault: Fault): void
  /** Closes all lanes at once; the journal stays. */
  close(): Promise<void>
}

export interface WiretapOptions {
  bootstrap: string
  /** How to reach it; without it, as PLAINTEXT. */
  security?: Security | null
  limits?: JournalLimits
  /** Where the names of all topics, groups and transactional ids must begin; without it, everything passes. */
  namesStart?: string | undefined
  /**
   * An answer to CreateTopics waits for this before it is handed on. A KRaft node answers a moment before it serves the
   * new topic; kafkajs asks for its leaders at once, takes an UNKNOWN_TOPIC_OR_PARTITION for a refusal, and a right
   * answer would fail now and then.
   */
  whenCreated?(topics: string[]): Promise<void>
}

/**
 * Opens a wiretap before the broker at `bootstrap` (`host:port`, or several with commas). The journal keeps as much as
 * `limits` says and then notes that it was cut. Rejects with WorkbookError when no broker answers there.
 */
export async function openWiretap(options: WiretapOptions): Promise<Wiretap> {
  const recorder = new Recorder(options.limits ?? JOURNAL_LIMITS)
  const faults = new Faults()
  const { security = null, whenCreated = async () => {} } = options
  const wire: Wire = {
    ...(await reach(options.bootstrap, security)),
    security,
    recorder,
    guard: options.namesStart === undefined ? NO_GUARD : guardNames(options.namesStart),
    faults,
    topicIds: new TopicIds(),
    whenCreated,
  }
  const lanes: Lane[] = []
  return {
    async lane(name) {
      const lane = new Lane(name, wire)
      await lane.open()
      lanes.push(lane)
      return lane
    },
    journal: recorder.exchanges,
    ends: recorder.ends,
    now: () => recorder.now(),
    inject: (fault) => faults.inject(fault),
    async close() {
      await Promise.all(lanes.map((lane) => lane.cut()))
    },
  }
}

/** Finds the bootstrap node that answers and where the nodes of its cluster can be reached. */
async function reach(
  bootstrap: string,
  security: Security | null,
): Promise<Pick<Wire, 'bootstrap' | 'reachable'>> {
  const client = await connect(bootstrap, { timeoutMs: 5_000, security })
  try {
    const { brokers } = await client.metadata([])
    const nodes = client.nodes()
    const reachable: Wire['reachable'] = new Map()
    for (const { nodeId, host, port } of brokers) {
      reachable.set(showAddress({ host, port }), nodes.get(nodeId) ?? { host, port })
    }
    return { bootstrap: client.address, reachable }
  } finally {
    client.close()
  }
}
