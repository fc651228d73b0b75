import type { Admin } from 'kafkajs'

export interface LagRow {
  partition: number
  committed: string | null
  end: string
  lag: string
}

export type LagSample = LagRow[]

export interface Diagnosis {
  total: string
  trend: 'none' | 'growing' | 'shrinking' | 'stable'
  stuck: number[]
  advice: 'leave-alone' | 'start-members' | 'unblock' | 'add-members' | 'speed-up'
  addUpTo: number
}

export async function computeLag(admin: Admin, group: string, topic: string): Promise<LagRow[]> {
  // Commits first: between the two requests the log can only grow, so a lag may come out too large, and never below 0.
  // Naming the topic brings a row for every partition. Without it, partitions that have no commit would be missing.
  const [commits] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  const logs = await admin.fetchTopicOffsets(topic)
  return logs.map(({ partition, low, high: end }) => {
    // The two lists have orders of their own. Kafka says "no commit" with a negative number.
    const offset = commits?.partitions.find((one) => one.partition === partition)?.offset ?? '-1'
    const committed = BigInt(offset) < 0n ? null : offset
    return { partition, committed, end, lag: String(BigInt(end) - BigInt(committed ?? low)) }
  })
}

export function diagnose(samples: LagSample[], partitions: number, members: number): Diagnosis {
  const last = totalOf(samples.at(-1))
  const trend = trendOf(totalOf(samples[0]), last)
  const stuck = stuckIn(samples)
  const advice = advise(trend, stuck, partitions, members)
  const moreHelp = advice === 'add-members' || advice === 'start-members'
  // A partition has one reader in its group: whoever comes after the last partition is taken gets none.
  return { total: String(last), trend, stuck, advice, addUpTo: moreHelp ? partitions - members : 0 }
}

function advise(
  trend: Diagnosis['trend'],
  stuck: number[],
  partitions: number,
  members: number,
): Diagnosis['advice'] {
  if (trend === 'none') return 'leave-alone'
  if (members === 0) return 'start-members'
  // Whatever the total does: the records behind this one wait, and no other member can get the partition.
  if (stuck.length > 0) return 'unblock'
  if (trend === 'shrinking') return 'leave-alone'
  return members < partitions ? 'add-members' : 'speed-up'
}

/** Offsets have 64 bits, so all of this is BigInt. A tenth up or down is what a healthy group does anyway. */
function trendOf(first: bigint, last: bigint): Diagnosis['trend'] {
  if (last === 0n) return 'none'
  const change = (last - first) * 10n
  if (change > first) return 'growing'
  return change < -first ? 'shrinking' : 'stable'
}

/** Had something to read each time somebody looked, and never committed anything meanwhile. */
function stuckIn(samples: LagSample[]): number[] {
  const partitions = (samples[0] ?? []).map(({ partition }) => partition)
  return partitions
    .filter((partition) => {
      const rows = samples.map((sample) => sample.find((row) => row.partition === partition))
      return rows.every((row) => row && row.lag !== '0' && row.committed === rows[0]?.committed)
    })
    .sort((a, b) => a - b)
}

function totalOf(sample: LagSample = []): bigint {
  return sample.reduce((total, { lag }) => total + BigInt(lag), 0n)
}
