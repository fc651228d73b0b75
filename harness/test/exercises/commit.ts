import { expect } from 'vitest'
import type { Client } from '../../kafka/client/client.ts'
import { OffsetCommit } from '../../kafka/protocol/api/08-offset-commit.ts'

/** A commit for partition 0 by a group without members, as an admin tool makes it. */
export async function commit(
  client: Client,
  { topic, group }: { topic: string; group: string },
  committedOffset: bigint,
): Promise<void> {
  const partition = { partitionIndex: 0, committedOffset, committedMetadata: null }
  const body = {
    ...OffsetCommit.request.absent,
    groupId: group,
    generationIdOrMemberEpoch: -1,
    topics: [{ name: topic, partitions: [{ committedLeaderEpoch: -1, ...partition }] }],
  }
  const answered = async () => {
    const answer = await client.request(OffsetCommit, 'highest', body, { coordinatorOf: group })
    return answer.topics[0]?.partitions[0]?.errorCode
  }
  await expect.poll(answered, { timeout: 20_000, interval: 20 }).toBe(0)
}
