import { DescribeAcls } from '../../protocol/api/29-describe-acls.ts'
import { handler } from '../handler.ts'
import { checkAclCodes, NO_AUTHORIZER } from '../no-authorizer.ts'

/** DescribeAcls, versions 1 to 3 (KIP-140), as Kafka answers without an authorizer: SECURITY_DISABLED. */
export const describeAcls = handler(DescribeAcls, [1, 3], (filter) => {
  checkAclCodes({
    ...filter,
    resourceType: filter.resourceTypeFilter,
    patternType: filter.patternTypeFilter,
  })
  const { errorCode } = NO_AUTHORIZER
  // The node answers this itself, the changes are for the controller to answer; hence other words.
  const errorMessage = 'No Authorizer is configured on the broker'
  return { throttleTimeMs: 0, errorCode, errorMessage, resources: [] }
})
