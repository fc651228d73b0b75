import { Produce } from './api/00-produce.ts'
import { Fetch } from './api/01-fetch.ts'
import { ListOffsets } from './api/02-list-offsets.ts'
import { Metadata } from './api/03-metadata.ts'
import { OffsetCommit } from './api/08-offset-commit.ts'
import { OffsetFetch } from './api/09-offset-fetch.ts'
import { FindCoordinator } from './api/10-find-coordinator.ts'
import { JoinGroup } from './api/11-join-group.ts'
import { Heartbeat } from './api/12-heartbeat.ts'
import { LeaveGroup } from './api/13-leave-group.ts'
import { SyncGroup } from './api/14-sync-group.ts'
import { DescribeGroups } from './api/15-describe-groups.ts'
import { ListGroups } from './api/16-list-groups.ts'
import { SaslHandshake } from './api/17-sasl-handshake.ts'
import { ApiVersions } from './api/18-api-versions.ts'
import { CreateTopics } from './api/19-create-topics.ts'
import { DeleteTopics } from './api/20-delete-topics.ts'
import { DeleteRecords } from './api/21-delete-records.ts'
import { InitProducerId } from './api/22-init-producer-id.ts'
import { OffsetForLeaderEpoch } from './api/23-offset-for-leader-epoch.ts'
import { AddPartitionsToTxn } from './api/24-add-partitions-to-txn.ts'
import { AddOffsetsToTxn } from './api/25-add-offsets-to-txn.ts'
import { EndTxn } from './api/26-end-txn.ts'
import { TxnOffsetCommit } from './api/28-txn-offset-commit.ts'
import { DescribeAcls } from './api/29-describe-acls.ts'
import { CreateAcls } from './api/30-create-acls.ts'
import { DeleteAcls } from './api/31-delete-acls.ts'
import { DescribeConfigs } from './api/32-describe-configs.ts'
import { AlterConfigs } from './api/33-alter-configs.ts'
import { CreatePartitions } from './api/37-create-partitions.ts'
import { DeleteGroups } from './api/42-delete-groups.ts'
import { IncrementalAlterConfigs } from './api/44-incremental-alter-configs.ts'
import { AlterPartitionReassignments } from './api/45-alter-partition-reassignments.ts'
import { ListPartitionReassignments } from './api/46-list-partition-reassignments.ts'
import { OffsetDelete } from './api/47-offset-delete.ts'
import { DescribeCluster } from './api/60-describe-cluster.ts'
import type { AnyApi } from './api.ts'

/**
 * Every API in the grammar, by key. Each one goes from the lowest version that Kafka 4 accepts, or an older one where
 * that is free, to its first flexible version (KIP-482), or a later one that newer clients need.
 */
export const APIS: ReadonlyMap<number, AnyApi> = new Map(
  [
    Produce,
    Fetch,
    ListOffsets,
    Metadata,
    OffsetCommit,
    OffsetFetch,
    FindCoordinator,
    JoinGroup,
    Heartbeat,
    LeaveGroup,
    SyncGroup,
    DescribeGroups,
    ListGroups,
    SaslHandshake,
    ApiVersions,
    CreateTopics,
    DeleteTopics,
    DeleteRecords,
    InitProducerId,
    OffsetForLeaderEpoch,
    AddPartitionsToTxn,
    AddOffsetsToTxn,
    EndTxn,
    TxnOffsetCommit,
    DescribeAcls,
    CreateAcls,
    DeleteAcls,
    DescribeConfigs,
    AlterConfigs,
    CreatePartitions,
    DeleteGroups,
    IncrementalAlterConfigs,
    AlterPartitionReassignments,
    ListPartitionReassignments,
    OffsetDelete,
    DescribeCluster,
  ].map((one): [number, AnyApi] => [one.key, one]),
)

const byName = new Map([...APIS.values()].map((one) => [one.name, one]))

/** The API that Kafka calls `name`, for instance `OffsetCommit`; undefined when the grammar does not have it. */
export function apiNamed(name: string): AnyApi | undefined {
  return byName.get(name)
}
