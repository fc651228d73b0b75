import { ListPartitionReassignments } from '../../protocol/api/46-list-partition-reassignments.ts'
import { handler } from '../handler.ts'
import type { State } from '../state.ts'

/** ListPartitionReassignments, version 0 (KIP-455): those under way, of all topics or of some partitions. */
export const listPartitionReassignments = handler(
  ListPartitionReassignments,
  [0, 0],
  ({ topics }, { state }) => ({
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    topics: (topics ?? everything(state))
      .map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.flatMap((index) => reassignmentOf(state, name, index)),
      }))
      .filter(({ partitions }) => partitions.length > 0),
  }),
)

function everything({ topics }: State): { name: string; partitionIndexes: number[] }[] {
  return [...topics].map(({ name, partitions }) => ({
    name,
    partitionIndexes: partitions.map(({ index }) => index),
  }))
}

function reassignmentOf({ topics }: State, name: string, partitionIndex: number) {
  const partition = topics.partition(name, partitionIndex)
  if (!partition?.isReassigning) return []
  const { replicas, adding, removing } = partition
  return [
    {
      partitionIndex,
      replicas: [...replicas],
      addingReplicas: [...adding],
      removingReplicas: [...removing],
    },
  ]
}
