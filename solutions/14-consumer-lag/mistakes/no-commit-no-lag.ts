// The wrong idea: who has not committed has no lag.
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
  const [commits] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
  const ends = await admin.fetchTopicOffsets(topic)
  return ends.map(({ partition, low, high }) => {
    const offset = commits?.partitions.find((one) => one.partition === partition)?.offset
    const committed = offset === undefined || offset === '-1' ? null : offset
    return {
      partition,
      committed,
      end: high,
      lag: String(committed === null ? 0n : BigInt(high) - BigInt(committed)),
    }
  })
}

export function diagnose(samples: LagSample[], partitions: number, members: number): Diagnosis {
  const first = totalOf(samples[0])
  const last = totalOf(samples.at(-1))
  const tenth = first / 10n
  let trend: Diagnosis['trend'] = 'stable'
  if (last > first + tenth) trend = 'growing'
  if (last < first - tenth) trend = 'shrinking'
  if (last === 0n) trend = 'none'

  const stuck: number[] = []
  for (const { partition } of samples[0] ?? []) {
    const rows = samples.map((sample) => sample.find((row) => row.partition === partition))
    const waits = rows.every((row) => row?.lag !== '0')
    const moves = rows.some((row) => row?.committed !== rows[0]?.committed)
    if (waits && !moves) stuck.push(partition)
  }

  const room = Math.max(0, partitions - members)
  const says = (advice: Diagnosis['advice'], addUpTo = 0) => ({
    total: String(last),
    trend,
    stuck,
    advice,
    addUpTo,
  })
  if (trend === 'none') return says('leave-alone')
  if (members === 0) return says('start-members', room)
  if (stuck.length > 0) return says('unblock')
  if (trend === 'shrinking') return says('leave-alone')
  return room > 0 ? says('add-members', room) : says('speed-up')
}

function totalOf(sample: LagSample = []): bigint {
  return sample.reduce((total, { lag }) => total + BigInt(lag), 0n)
}
