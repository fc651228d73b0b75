import { DeleteAcls } from '../../protocol/api/31-delete-acls.ts'
import { handler } from '../handler.ts'
import { checkAclCodes, NO_AUTHORIZER } from '../no-authorizer.ts'

/** DeleteAcls, versions 1 to 3 (KIP-140), as Kafka answers without an authorizer: SECURITY_DISABLED for each filter. */
export const deleteAcls = handler(DeleteAcls, [1, 3], ({ filters }) => {
  for (const { resourceTypeFilter, patternTypeFilter, ...others } of filters) {
    checkAclCodes({ ...others, resourceType: resourceTypeFilter, patternType: patternTypeFilter })
  }
  return { throttleTimeMs: 0, filterResults: filters.map(() => ({ ...NO_AUTHORIZER, matchingAcls: [] })) }
})
