// What the checks compare with: golden tables, the assigner of kafkajs, and a short notation. Nothing to edit here.

import { AssignerProtocol, type Cluster, type Logger, PartitionAssigners } from 'kafkajs'
import type { Assignment, Member, Round, TopicPartition } from './assign-partitions.ts'

/**
 * What the assignors of Kafka 4.3.1's own Java client do (harness/verify/golden/assignments.java prints it).
 * member:its,topics | topic:partitions | range | roundrobin. Names get something put before them, so that they are new.
 */
export const golden = `
a:x 9:x _:x | x:5 | 9 x-0 x-1; _ x-2 x-3; a x-4 | 9 x-0 x-3; _ x-1 x-4; a x-2
10: a:x 9:x | x:4 | 10; 9 x-0 x-1; a x-2 x-3 | 10; 9 x-0 x-2; a x-1 x-3
10:x,y,z B:z _:x,y b:x,y,z | x:4 y:5 z:4 | 10 x-0 x-1 y-0 y-1 z-0 z-1; B z-2; _ x-2 y-2 y-3; b x-3 y-4 z-3 | 10 x-0 x-3 y-2 z-0 z-3; B z-1; _ x-1 y-0 y-3; b x-2 y-1 y-4 z-2
_:x 9:x 10:x a:x | x:4 | 10 x-0; 9 x-1; _ x-2; a x-3 | 10 x-0; 9 x-1; _ x-2; a x-3
b:x,y 9:x,y,z _:x,z B:z | x:4 y:3 z:4 | 9 x-0 x-1 y-0 y-1 z-0 z-1; B z-2; _ x-2 z-3; b x-3 y-2 | 9 x-0 x-3 y-1 z-0 z-3; B z-1; _ x-1 z-2; b x-2 y-0 y-2
a:x B:x b:x | x:2 | B x-0; a x-1; b | B x-0; a x-1; b
B:x,y 10:y,z | x:3 y:4 z:1 | 10 y-0 y-1 z-0; B x-0 x-1 x-2 y-2 y-3 | 10 y-0 y-2 z-0; B x-0 x-1 x-2 y-1 y-3
b:x 10: | x:1 y:2 | 10; b x-0 | 10; b x-0
b:x,y,z B:x,z _:x,y,z | x:4 y:5 z:4 | B x-0 x-1 z-0 z-1; _ x-2 y-0 y-1 y-2 z-2; b x-3 y-3 y-4 z-3 | B x-0 x-3 z-1; _ x-1 y-0 y-2 y-4 z-2; b x-2 y-1 y-3 z-0 z-3
_:x,z b:x,y,z 10:y,z | x:2 y:1 z:3 | 10 y-0 z-0; _ x-0 z-1; b x-1 z-2 | 10 y-0 z-2; _ x-0 z-0; b x-1 z-1
9:x,y b:x,y | x:4 y:4 | 9 x-0 x-1 y-0 y-1; b x-2 x-3 y-2 y-3 | 9 x-0 x-2 y-0 y-2; b x-1 x-3 y-1 y-3`

/** Before, then what is owned after each round of Kafka's CooperativeStickyAssignor. All members read all topics. */
export const goldenRounds = `
A o-0 o-2 o-4; B o-1 o-3 o-5 | A o-0 o-2; B o-1 o-3; C | A o-0 o-2; B o-1 o-3; C o-4 o-5
A o-0 o-1 o-2 | A o-0; B; C | A o-0; B o-1; C o-2
A o-0 o-3; B o-1 o-4; C o-2 o-5 | A o-0 o-2 o-3; B o-1 o-4 o-5
A o-0 o-2; B o-1 o-3 | B o-1 o-3; C o-0 o-2
A o-0 o-2 o-4; B o-1 o-3 o-5 | A o-0 o-2; C o-1; D o-3 o-5 | A o-0 o-2; C o-1 o-4; D o-3 o-5
A x-0 x-4 y-3; B x-1 y-0; C x-2 y-1; D x-3 y-2 | B x-0 x-1 y-0; C x-2 x-3 y-1; E x-4 y-2 y-3
A x-0 y-0; B x-1 y-1 | A x-0 y-0; B x-1 y-1`

/** Members afterwards, topics, before, and how many partitions Kafka's sticky assignor moves. */
export const goldenMoves = `
A B C D | o:12 | A o-0 o-1 o-2 o-3; B o-4 o-5 o-6 o-7; C o-8 o-9 o-10 o-11 | 3
A B C | o:12 | A o-0 o-1 o-2; B o-3 o-4 o-5; C o-6 o-7 o-8; D o-9 o-10 o-11 | 3
A B C | x:4 y:3 | A x-0 x-2 y-0 y-2; B x-1 x-3 y-1 | 2
B D | x:3 y:5 | A x-0 y-0 y-3; B x-1 y-1 y-4; C x-2 y-2 | 5
A B C | o:12 | A o-0 o-1 o-2 o-3 o-4 o-5 o-6 o-7; B o-8; C o-9 o-10 o-11 | 4
A B C D | o:6 | A o-0 o-1 o-2 o-3 o-4; B o-5 | 3
A B | o:8 | A o-0 o-1 o-2; B o-3; C o-4 o-5 | 4
A B C | o:10 | A o-0 o-1 o-2 o-3; B o-4 o-5 o-6 o-7; C o-8 o-9 | 1
A B C D | o:3 | A o-0; B o-1; C o-2 | 0`

export const rowsOf = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((row) => row.split(' | '))

/** `A:orders B:orders,events` as members. */
export function members(text: string, shop = ''): Member[] {
  return text.split(' ').map((word) => {
    const [id, topics = ''] = word.split(':')
    return { id: shop + id, topics: topics === '' ? [] : topics.split(',').map((topic) => shop + topic) }
  })
}

/** `orders:4 events:3` as topics and their numbers of partitions. */
export function topics(text: string, shop = ''): Record<string, number> {
  const words = text.split(' ').map((word) => word.split(':'))
  return Object.fromEntries(words.map(([topic, partitions]) => [shop + topic, Number(partitions)]))
}

/** `A orders-0 orders-2; B orders-1` as an assignment. */
export function assignment(text: string, shop = ''): Assignment {
  const partition = (word: string) => {
    const [topic, number] = word.split('-')
    return { topic: shop + topic, partition: Number(number) }
  }
  const rows = text.split('; ').map((row) => row.split(' '))
  return Object.fromEntries(rows.map(([id, ...owned]) => [shop + id, owned.map(partition)]))
}

/** The partitions of a list, in order: `orders-0`. An answer may hand over anything. */
export function named(partitions: TopicPartition[] | undefined): string[] {
  const words = [partitions ?? []].flat().map((one) => `${one?.topic}-${one?.partition}`)
  return words.sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
}

/** The other way round: an assignment as text, members in order. */
export function text(given: Assignment): string {
  const rows = Object.entries(given ?? {}).map(([id, owned]) => [id, ...named(owned)].join(' '))
  return rows.sort().join('; ')
}

/** Rounds as text. Members that give up or own nothing are left out, and so is what members do that are gone. */
export function roundsAsText(rounds: Round[], next: Assignment): { revoked: string; owned: string }[] {
  const present = (given: Assignment) =>
    Object.fromEntries(Object.entries(given ?? {}).filter(([, owned]) => named(owned).length > 0))
  const ofMembers = (given: Assignment) =>
    Object.fromEntries(Object.entries(given).filter(([id]) => id in next))
  return [rounds ?? []].flat().map((round) => ({
    revoked: text(ofMembers(present(round?.revoked))),
    owned: text(present(round?.owned)),
  }))
}

/** What the assigner inside kafkajs makes of a group whose members all read all topics. */
export async function byKafkajs(group: Member[], sizes: Record<string, number>): Promise<Assignment> {
  const partitionsOf = (topic: string) =>
    Array.from({ length: sizes[topic] ?? 0 }, (_, partitionId) => ({ partitionId }))
  const cluster = { findTopicPartitionMetadata: partitionsOf } as unknown as Cluster
  const assigner = PartitionAssigners.roundRobin({ cluster, groupId: 'any', logger: {} as unknown as Logger })
  const assigned = await assigner.assign({
    members: group.map(({ id }) => ({ memberId: id, memberMetadata: Buffer.alloc(0) })),
    topics: Object.keys(sizes).sort(),
  })
  // kafkajs leaves out who is idle.
  const all: Assignment = Object.fromEntries(group.map(({ id }) => [id, []]))
  for (const { memberId, memberAssignment } of assigned) {
    const decoded = AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {}
    all[memberId] = Object.entries(decoded).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    )
  }
  return all
}

/** The partitions of each member of `after` that it did not have before. */
export function gained(before: Assignment, after: Assignment): Assignment {
  const rows = Object.entries(after ?? {}).map(([id, owned]) => {
    const had = new Set(named(before[id]))
    return [id, [owned].flat().filter((one) => !named([one]).some((name) => had.has(name)))]
  })
  return Object.fromEntries(rows)
}
