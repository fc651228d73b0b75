import { Refusal } from './refusal.ts'
import type { Partition } from './topics.ts'

/** Clients that do not know the epoch of a partition's leader send this. */
const UNKNOWN_EPOCH = -1

/** Refuses a client whose metadata is older, or newer, than the broker's (KIP-320, Partition.checkCurrentLeaderEpoch). */
export function checkLeaderEpoch({ leaderEpoch }: Partition, claimed: number): void {
  if (claimed === UNKNOWN_EPOCH || claimed === leaderEpoch) return
  throw new Refusal(claimed < leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH')
}
