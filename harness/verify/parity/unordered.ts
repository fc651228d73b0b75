/**
 * Lists that Kafka gives in the order of its hash tables, which changes with the ids and names in them: the same Kafka gives
 * another order in the next run. They are sorted before they are compared. `entry` is that of NOT-IMPLEMENTED.md.
 */
export interface Unordered {
  entry: string
  api: string
  /** The field that holds the list. */
  field: string
}

export const UNORDERED: readonly Unordered[] = [
  { entry: '0', api: 'Produce', field: 'responses' },
  { entry: '0', api: 'Produce', field: 'partitionResponses' },
  { entry: '2', api: 'ListOffsets', field: 'topics' },
  { entry: '2', api: 'ListOffsets', field: 'partitions' },
  { entry: '3', api: 'Metadata', field: 'topics' },
  { entry: '8', api: 'OffsetCommit', field: 'partitions' },
  { entry: '9', api: 'OffsetFetch', field: 'partitions' },
  { entry: '11', api: 'JoinGroup', field: 'members' },
  { entry: '15', api: 'DescribeGroups', field: 'members' },
  { entry: '16', api: 'ListGroups', field: 'groups' },
  { entry: '20', api: 'DeleteTopics', field: 'responses' },
  { entry: '21', api: 'DeleteRecords', field: 'topics' },
  { entry: '21', api: 'DeleteRecords', field: 'partitions' },
  { entry: '24', api: 'AddPartitionsToTxn', field: 'resultsByPartition' },
  { entry: '32', api: 'DescribeConfigs', field: 'configs' },
  { entry: '37', api: 'CreatePartitions', field: 'results' },
]

/** Whether the order of this list says nothing. */
export function isUnordered(api: string, field: string): boolean {
  return UNORDERED.some((one) => one.api === api && one.field === field)
}
