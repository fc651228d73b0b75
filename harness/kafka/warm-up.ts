import { retryOn, throwOnError } from './client/broker-error.ts'
import { connect } from './client/client.ts'
import { FindCoordinator } from './protocol/api/10-find-coordinator.ts'
import { DescribeGroups } from './protocol/api/15-describe-groups.ts'
import { InitProducerId } from './protocol/api/22-init-producer-id.ts'

const NAME = 'wb-warm-up'
const TIMEOUT_MS = 15_000
const NOT_YET = ['COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR']

/**
 * Makes a fresh broker create its internal topics, `__consumer_offsets` and `__transaction_state`. Otherwise the first
 * group (0.3 s) and the first transaction (0.7 s) would have to wait for them, at the expense of a check.
 * Rejects with BrokerError when the coordinators do not come up within 15 seconds.
 */
export async function warmUp(bootstrap: string): Promise<void> {
  const client = await connect(bootstrap, { timeoutMs: TIMEOUT_MS })
  try {
    await Promise.all([
      retryOn(NOT_YET, TIMEOUT_MS, async () => {
        const body = { groups: [NAME], includeAuthorizedOperations: false }
        const answer = await client.request(DescribeGroups, 4, body, { coordinatorOf: NAME })
        throwOnError(answer.groups[0]?.errorCode ?? 0, 'warming up the group coordinator')
      }),
      retryOn(NOT_YET, TIMEOUT_MS, async () => {
        const who = { key: NAME, keyType: 1, coordinatorKeys: [] }
        const found = await client.request(FindCoordinator, 3, who)
        throwOnError(found.errorCode, 'looking for the transaction coordinator', found.errorMessage)
        const body = { ...InitProducerId.request.absent, transactionalId: NAME, transactionTimeoutMs: 10_000 }
        const answer = await client.request(InitProducerId, 4, body, { nodeId: found.nodeId })
        throwOnError(answer.errorCode, 'warming up the transaction coordinator')
      }),
    ])
  } finally {
    client.close()
  }
}
