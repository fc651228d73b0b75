import { DescribeGroups } from '../../protocol/api/15-describe-groups.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-codes.ts'
import type { DescribedGroup } from '../groups.ts'
import { handler, type RequestContext } from '../handler.ts'
import { isCoordinator } from '../wrong-node.ts'

/** Kafka's "not asked for" (KIP-430): the lowest INT32. */
const NOT_ASKED_FOR = -0x80000000

/** Without an authorizer everybody may do all that there is for a group: the bits of these AclOperation codes. */
const READ = 3
const DELETE = 6
const DESCRIBE = 8
const DESCRIBE_CONFIGS = 10
const ALTER_CONFIGS = 11
const ALL_OPERATIONS = [READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS].reduce(
  (bits, code) => bits | (1 << code),
  0,
)

const ELSEWHERE = { state: '', protocolType: '', protocolName: '', members: [] as DescribedGroup['members'] }

/**
 * State, protocol and members of groups; one that does not exist is `Dead`, without an error. A group that is named twice
 * is answered twice, from one description, so that a short request cannot make a large one many times.
 */
export const describeGroups = handler(DescribeGroups, [0, 5], ({ groups, ...request }, context) => {
  const described = new Map<string, DescribedAnswer>()
  const describeOnce = (groupId: string): DescribedAnswer => {
    const answer = described.get(groupId) ?? describe(groupId, request.includeAuthorizedOperations, context)
    described.set(groupId, answer)
    return answer
  }
  return { throttleTimeMs: 0, groups: groups.map(describeOnce) }
})

type DescribedAnswer = ResponseOf<typeof DescribeGroups>['groups'][number]

function describe(groupId: string, withOperations: boolean, context: RequestContext): DescribedAnswer {
  const isHere = isCoordinator(context, groupId)
  const group = isHere ? context.state.groups.describe(groupId) : ELSEWHERE
  return {
    errorCode: errorCode(isHere ? 'NONE' : 'NOT_COORDINATOR'),
    groupId,
    groupState: group.state,
    protocolType: group.protocolType,
    protocolData: group.protocolName,
    members: group.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      // As Java shows an address without a name.
      clientHost: `/${member.clientHost}`,
      memberMetadata: member.metadata,
      memberAssignment: member.assignment,
    })),
    authorizedOperations: isHere && withOperations ? ALL_OPERATIONS : NOT_ASKED_FOR,
  }
}
