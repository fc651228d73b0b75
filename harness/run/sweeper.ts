import { namesStart } from '../check/context.ts'
import type { Broker } from '../kafka/broker.ts'
import { BrokerError, retryOn, throwOnError } from '../kafka/client/broker-error.ts'
import { type Client, connect } from '../kafka/client/client.ts'
import { LeaveGroup } from '../kafka/protocol/api/13-leave-group.ts'
import { DescribeGroups } from '../kafka/protocol/api/15-describe-groups.ts'
import { ListGroups } from '../kafka/protocol/api/16-list-groups.ts'
import { DeleteTopics } from '../kafka/protocol/api/20-delete-topics.ts'
import { DeleteGroups } from '../kafka/protocol/api/42-delete-groups.ts'

const REQUEST_MS = 10_000
/** How long a group may take until it has noticed that its members have left. */
const EMPTY_MS = 3000

/** Deletes what judgements leave on the broker, so that no broker gets slower from one to the next, or keeps it. */
export interface Sweeper {
  /** Deletes the topics and groups of a run that is over, in the background: nobody waits for it. */
  sweep(run: string): void
  /** Waits for what is under way; not for a broker that ends anyway. */
  close(): Promise<void>
}

/** A sweeper for one broker; it connects when it is first needed. Where it may not delete, things stay as they are. */
export function openSweeper({
  bootstrap,
  kind,
  security,
}: Pick<Broker, 'bootstrap' | 'kind' | 'security'>): Sweeper {
  const endsWithUs = kind === 'embedded' || kind === 'jvm'
  let client: Promise<Client> | undefined
  let sweeping = Promise.resolve()
  let latest: string | undefined
  const clean = async (run: string) => {
    client ??= connect(bootstrap, { timeoutMs: REQUEST_MS, security })
    await deleteNames(await client, namesStart(run))
  }
  return {
    sweep(run) {
      // The last run goes with a broker that ends with us, so nobody who has one judgement pays for it.
      const due = endsWithUs ? latest : run
      latest = run
      if (due !== undefined) sweeping = sweeping.then(() => clean(due)).catch(() => {})
    },
    async close() {
      if (!endsWithUs) await sweeping
      await client?.then((connected) => connected.close()).catch(() => {})
    },
  }
}

/** Deletes every group and every topic whose name starts so. Members that are still in a group were killed. */
export async function deleteNames(client: Client, start: string): Promise<void> {
  const { topics, brokers } = await client.metadata(null)
  const groups = await Promise.all(brokers.map(({ nodeId }) => groupsAt(client, nodeId)))
  const ours = (name: string) => name.startsWith(start)
  await Promise.all(
    groups
      .flat()
      .filter(ours)
      .map((group) => deleteGroup(client, group)),
  )
  const topicNames = topics.map(({ name }) => name ?? '').filter(ours)
  if (topicNames.length > 0) {
    await client.request(DeleteTopics, 3, { topicNames, topics: [], timeoutMs: REQUEST_MS }, 'controller')
  }
}

async function groupsAt(client: Client, nodeId: number): Promise<string[]> {
  const { groups } = await client.request(ListGroups, 2, ListGroups.request.absent, { nodeId })
  return groups.map(({ groupId }) => groupId)
}

async function deleteGroup(client: Client, group: string): Promise<void> {
  const to = { coordinatorOf: group }
  try {
    await retryOn(['NON_EMPTY_GROUP'], EMPTY_MS, async () => {
      await removeMembers(client, group)
      const { results } = await client.request(DeleteGroups, 1, { groupsNames: [group] }, to)
      throwOnError(results[0]?.errorCode ?? -1, `deleting group ${group}`)
    })
  } catch (error) {
    // The others shall go, even so.
    if (!(error instanceof BrokerError)) throw error
  }
}

/** Anybody may say goodbye for a member whose id is known, as KafkaAdminClient.removeMembersFromConsumerGroup does. */
async function removeMembers(client: Client, group: string): Promise<void> {
  const to = { coordinatorOf: group }
  const asked = { groups: [group], includeAuthorizedOperations: false }
  const { groups } = await client.request(DescribeGroups, 4, asked, to)
  const members = groups.flatMap((one) =>
    one.members.map(({ memberId, groupInstanceId }) => ({ memberId, groupInstanceId })),
  )
  if (members.length === 0) return
  await client.request(LeaveGroup, 3, { groupId: group, memberId: '', members }, to)
}
