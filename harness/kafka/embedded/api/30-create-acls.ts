import { CreateAcls } from '../../protocol/api/30-create-acls.ts'
import { handler } from '../handler.ts'
import { checkAclCodes, NO_AUTHORIZER } from '../no-authorizer.ts'

/** CreateAcls, versions 1 to 3 (KIP-140), as Kafka answers without an authorizer: SECURITY_DISABLED for each. */
export const createAcls = handler(CreateAcls, [1, 3], ({ creations }) => {
  for (const one of creations) checkAclCodes({ ...one, patternType: one.resourcePatternType })
  return { throttleTimeMs: 0, results: creations.map(() => NO_AUTHORIZER) }
})
