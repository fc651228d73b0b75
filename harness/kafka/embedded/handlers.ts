import { produce } from './api/00-produce.ts'
import { fetch } from './api/01-fetch.ts'
import { listOffsets } from './api/02-list-offsets.ts'
import { metadata } from './api/03-metadata.ts'
import { offsetCommit } from './api/08-offset-commit.ts'
import { offsetFetch } from './api/09-offset-fetch.ts'
import { findCoordinator } from './api/10-find-coordinator.ts'
import { joinGroup } from './api/11-join-group.ts'
import { heartbeat } from './api/12-heartbeat.ts'
import { leaveGroup } from './api/13-leave-group.ts'
import { syncGroup } from './api/14-sync-group.ts'
import { describeGroups } from './api/15-describe-groups.ts'
import { listGroups } from './api/16-list-groups.ts'
import { apiVersions } from './api/18-api-versions.ts'
import { createTopics } from './api/19-create-topics.ts'
import { deleteTopics } from './api/20-delete-topics.ts'
import { deleteRecords } from './api/21-delete-records.ts'
import { initProducerId } from './api/22-init-producer-id.ts'
import { offsetForLeaderEpoch } from './api/23-offset-for-leader-epoch.ts'
import { addPartitionsToTxn } from './api/24-add-partitions-to-txn.ts'
import { addOffsetsToTxn } from './api/25-add-offsets-to-txn.ts'
import { endTxn } from './api/26-end-txn.ts'
import { txnOffsetCommit } from './api/28-txn-offset-commit.ts'
import { describeAcls } from './api/29-describe-acls.ts'
import { createAcls } from './api/30-create-acls.ts'
import { deleteAcls } from './api/31-delete-acls.ts'
import { describeConfigs } from './api/32-describe-configs.ts'
import { alterConfigs } from './api/33-alter-configs.ts'
import { createPartitions } from './api/37-create-partitions.ts'
import { deleteGroups } from './api/42-delete-groups.ts'
import { incrementalAlterConfigs } from './api/44-incremental-alter-configs.ts'
import { alterPartitionReassignments } from './api/45-alter-partition-reassignments.ts'
import { listPartitionReassignments } from './api/46-list-partition-reassignments.ts'
import { offsetDelete } from './api/47-offset-delete.ts'
import { describeCluster } from './api/60-describe-cluster.ts'
import type { Handler } from './handler.ts'

/** Everything that the embedded broker serves, by API key; ApiVersions advertises exactly this list. */
export const HANDLERS: readonly Handler[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  apiVersions(() => HANDLERS),
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  txnOffsetCommit,
  describeAcls,
  createAcls,
  deleteAcls,
  describeConfigs,
  alterConfigs,
  createPartitions,
  deleteGroups,
  incrementalAlterConfigs,
  alterPartitionReassignments,
  listPartitionReassignments,
  offsetDelete,
  describeCluster,
]
