import { CreatePartitions } from '../../protocol/api/37-create-partitions.ts'
import type { RequestOf } from '../../protocol/api.ts'
import { handler } from '../handler.ts'
import { checkRoomFor } from '../limits.ts'
import { badAssignment, checkAssignment, MAX_RECORDS_PER_REQUEST, placeReplicas } from '../new-topic.ts'
import { attempt, Refusal } from '../refusal.ts'
import { namedTwice } from '../repeated-names.ts'
import type { State } from '../state.ts'
import type { Topic } from '../topics.ts'

type Wanted = RequestOf<typeof CreatePartitions>['topics'][number]

/**
 * CreatePartitions, versions 0 to 2 (KIP-195): `count` is the new total, and must be more than there are. Records stay
 * where they are, so from then on a key may live in two partitions. The words are those of ReplicationControlManager.
 * More than 10,000 new partitions in one request are an UNKNOWN_SERVER_ERROR of the topic that goes beyond (tried on 4.3.1).
 */
export const createPartitions = handler(CreatePartitions, [0, 2], ({ topics, validateOnly }, { state }) => {
  const repeated = namedTwice(topics)
  const wanted = new Map(topics.map((one) => [one.name, one]))
  let records = 0
  const results = [...wanted.values()].map((one) => ({
    name: one.name,
    ...attempt(() => {
      if (repeated.has(one.name)) throw new Refusal('INVALID_REQUEST', 'Duplicate topic name.')
      const replicas = planGrowth(state, one, MAX_RECORDS_PER_REQUEST - records)
      records += replicas.length
      const topic = state.topics.get(one.name)
      if (topic && !validateOnly) state.topics.addPartitions(topic, replicas)
    }),
  }))
  return { throttleTimeMs: 0, results }
})

/** The replicas of each new partition. */
function planGrowth(state: State, wanted: Wanted, most: number): number[][] {
  const topic = state.topics.get(wanted.name)
  if (!topic) throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION')
  checkCount(topic, wanted.count)
  const additional = wanted.count - topic.partitions.length
  if (additional > most) throw new Refusal('UNKNOWN_SERVER_ERROR')
  checkRoomFor({ topics: 0, partitions: additional }, state.topics.amount, state.settings)
  const factor = topic.partitions[0]?.replicas.length ?? 1
  return wanted.assignments
    ? assignedReplicas(state, topic, wanted.assignments, additional)
    : placeReplicas(state, { partitions: additional, factor, start: nextStart(state, topic) })
}

function checkCount({ name, partitions }: Topic, count: number): void {
  const current = partitions.length
  if (count > current) return
  const text =
    count === current
      ? `Topic already has ${current} partition(s).`
      : `The topic ${name} currently has ${current} partition(s); ${count} would not be an increase.`
  throw new Refusal('INVALID_PARTITIONS', text)
}

/** New partitions go on where the last one started. */
function nextStart({ nodes }: State, { partitions }: Topic): number {
  const last = partitions.at(-1)?.replicas[0]
  return last === undefined ? 0 : nodes.ids.indexOf(last) + 1
}

function assignedReplicas(
  state: State,
  { partitions }: Topic,
  assignments: { brokerIds: number[] }[],
  additional: number,
): number[][] {
  if (assignments.length !== additional) {
    throw badAssignment(
      `Attempted to add ${additional} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
    )
  }
  const factor = partitions[0]?.replicas.length
  for (const [index, { brokerIds }] of assignments.entries()) {
    checkAssignment(state, { partitionIndex: partitions.length + index, brokerIds }, factor)
  }
  return assignments.map(({ brokerIds }) => brokerIds)
}
