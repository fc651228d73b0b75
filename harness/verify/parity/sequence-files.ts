import type { SequenceFile } from './sequence.ts'
import { produceSequences } from './sequences/00-produce.ts'
import { produceBatchesSequences } from './sequences/00-produce-batches.ts'
import { fetchSequences } from './sequences/01-fetch.ts'
import { listOffsetsSequences } from './sequences/02-list-offsets.ts'
import { metadataSequences } from './sequences/03-metadata.ts'
import { offsetCommitSequences } from './sequences/08-offset-commit.ts'
import { offsetFetchSequences } from './sequences/09-offset-fetch.ts'
import { findCoordinatorSequences } from './sequences/10-find-coordinator.ts'
import { joinGroupSequences } from './sequences/11-join-group.ts'
import { heartbeatSequences } from './sequences/12-heartbeat.ts'
import { leaveGroupSequences } from './sequences/13-leave-group.ts'
import { syncGroupSequences } from './sequences/14-sync-group.ts'
import { describeGroupsSequences } from './sequences/15-describe-groups.ts'
import { listGroupsSequences } from './sequences/16-list-groups.ts'
import { apiVersionsSequences } from './sequences/18-api-versions.ts'
import { createTopicsSequences } from './sequences/19-create-topics.ts'
import { deleteTopicsSequences } from './sequences/20-delete-topics.ts'
import { deleteRecordsSequences } from './sequences/21-delete-records.ts'
import { initProducerIdSequences } from './sequences/22-init-producer-id.ts'
import { offsetForLeaderEpochSequences } from './sequences/23-offset-for-leader-epoch.ts'
import { addPartitionsToTxnSequences } from './sequences/24-add-partitions-to-txn.ts'
import { addOffsetsToTxnSequences } from './sequences/25-add-offsets-to-txn.ts'
import { endTxnSequences } from './sequences/26-end-txn.ts'
import { txnOffsetCommitSequences } from './sequences/28-txn-offset-commit.ts'
import { aclsSequences } from './sequences/29-acls.ts'
import { describeConfigsSequences } from './sequences/32-describe-configs.ts'
import { alterConfigsSequences } from './sequences/33-alter-configs.ts'
import { createPartitionsSequences } from './sequences/37-create-partitions.ts'
import { deleteGroupsSequences } from './sequences/42-delete-groups.ts'
import { incrementalAlterConfigsSequences } from './sequences/44-incremental-alter-configs.ts'
import { reassignmentsSequences } from './sequences/45-reassignments.ts'
import { offsetDeleteSequences } from './sequences/47-offset-delete.ts'
import { describeClusterSequences } from './sequences/60-describe-cluster.ts'
import { nodesSequences } from './sequences/nodes.ts'
import { staticMembersSequences } from './sequences/static-members.ts'
import { stoppedNodeSequences } from './sequences/stopped-node.ts'
import { transactionsSequences } from './sequences/transactions.ts'

/** Every sequence, by file: by API key, then what goes beyond one API. */
export const SEQUENCE_FILES: readonly SequenceFile[] = [
  produceSequences,
  produceBatchesSequences,
  fetchSequences,
  listOffsetsSequences,
  metadataSequences,
  offsetCommitSequences,
  offsetFetchSequences,
  findCoordinatorSequences,
  joinGroupSequences,
  heartbeatSequences,
  leaveGroupSequences,
  syncGroupSequences,
  describeGroupsSequences,
  listGroupsSequences,
  apiVersionsSequences,
  createTopicsSequences,
  deleteTopicsSequences,
  deleteRecordsSequences,
  initProducerIdSequences,
  offsetForLeaderEpochSequences,
  addPartitionsToTxnSequences,
  addOffsetsToTxnSequences,
  endTxnSequences,
  txnOffsetCommitSequences,
  aclsSequences,
  describeConfigsSequences,
  alterConfigsSequences,
  createPartitionsSequences,
  deleteGroupsSequences,
  incrementalAlterConfigsSequences,
  reassignmentsSequences,
  offsetDeleteSequences,
  describeClusterSequences,
  staticMembersSequences,
  transactionsSequences,
  nodesSequences,
  stoppedNodeSequences,
]
