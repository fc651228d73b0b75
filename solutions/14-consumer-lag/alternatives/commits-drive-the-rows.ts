// Another way: both questions at once, rows along the commits, and numbers for the partitions only.

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
  const [offsets, logs] = await Promise.all([
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
    admin.fetchTopicOffsets(topic),
  ])
  const logOf = new Map(logs.map((log) => [log.partition, log]))
  const rows: LagRow[] = []
  for (const { partition, offset } of offsets.flatMap((one) => one.partitions)) {
    const log = logOf.get(partition)
    if (!log) throw new Error(`partition ${partition} of ${topic} has no end`)
    const hasCommit = !offset.startsWith('-')
    const from = hasCommit ? offset : log.low
    const lag = (BigInt(log.offset) - BigInt(from)).toString()
    rows.push({ partition, committed: hasCommit ? offset : null, end: log.offset, lag })
  }
  return rows
}

interface Course {
  partition: number
  rows: LagRow[]
}

export function diagnose(samples: LagSample[], partitions: number, members: number): Diagnosis {
  const total = (rows: LagRow[] = []) => rows.map(({ lag }) => BigInt(lag)).reduce((a, b) => a + b, 0n)
  const [from, to] = [total(samples[0]), total(samples[samples.length - 1])]
  const trend = to === 0n ? 'none' : within(from, to) ? 'stable' : to > from ? 'growing' : 'shrinking'
  const stuck = coursesOf(samples)
    .filter(({ rows }) => rows.every(({ lag, committed }) => lag > '0' && committed === rows[0]?.committed))
    .map(({ partition }) => partition)

  let advice: Diagnosis['advice']
  switch (true) {
    case trend === 'none':
      advice = 'leave-alone'
      break
    case members === 0:
      advice = 'start-members'
      break
    case stuck.length > 0:
      advice = 'unblock'
      break
    case trend === 'shrinking':
      advice = 'leave-alone'
      break
    default:
      advice = members < partitions ? 'add-members' : 'speed-up'
  }
  const addUpTo = /members$/.test(advice) ? partitions - members : 0
  return { total: to.toString(), trend, stuck, advice, addUpTo }
}

/** No more than a tenth of `from` away from it. */
function within(from: bigint, to: bigint): boolean {
  const distance = to > from ? to - from : from - to
  return distance * 10n <= from
}

function coursesOf(samples: LagSample[]): Course[] {
  const courses = new Map<number, Course>()
  for (const row of samples.flat()) {
    const course = courses.get(row.partition) ?? { partition: row.partition, rows: [] }
    course.rows.push(row)
    courses.set(row.partition, course)
  }
  return [...courses.values()].sort((a, b) => a.partition - b.partition)
}
