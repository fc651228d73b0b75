import { AlterPartitionReassignments } from '../../protocol/api/45-alter-partition-reassignments.ts'
import { handler } from '../handler.ts'
import { checkReplicas } from '../new-topic.ts'
import { attempt, Refusal } from '../refusal.ts'
import type { State } from '../state.ts'
import type { Partition } from '../topics.ts'

/**
 * AlterPartitionReassignments, version 0 (KIP-455): gives partitions other replicas, or, with null, takes that back while it is
 * under way. Replicas need not copy anything here, so it is under way only while one of the new ones is down. The words
 * are those of ReplicationControlManager.
 */
export const alterPartitionReassignments = handler(
  AlterPartitionReassignments,
  [0, 0],
  ({ topics }, { state }) => ({
    throttleTimeMs: 0,
    errorCode: 0,
    // Kafka answers a request about nothing with an untouched answer; its message is not null but empty.
    errorMessage: topics.length === 0 ? '' : null,
    responses: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, replicas }) => ({
        partitionIndex,
        ...attempt(() => reassign(state, findPartition(state, name, partitionIndex), replicas)),
      })),
    })),
  }),
)

function findPartition({ topics }: State, name: string, index: number): Partition {
  const topic = topics.get(name)
  if (!topic) throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find a topic named ${name}.`)
  const partition = topic.partitions[index]
  if (!partition)
    throw new Refusal('UNKNOWN_TOPIC_OR_PARTITION', `Unable to find partition ${name}:${index}.`)
  return partition
}

function reassign(state: State, partition: Partition, replicas: number[] | null): void {
  if (replicas) {
    checkReplicas(state, replicas)
    partition.reassign(replicas)
  } else {
    if (!partition.isReassigning) throw new Refusal('NO_REASSIGNMENT_IN_PROGRESS')
    partition.cancelReassignment()
  }
  partition.updateLog()
}
