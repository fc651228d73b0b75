import { errorCode } from '../protocol/error-codes.ts'
import { MalformedError } from '../protocol/reader.ts'

/** The parts of an access control list, by their codes in Kafka (org.apache.kafka.common.acl and .resource). */
interface AclCodes {
  resourceType: number
  patternType: number
  operation: number
  permissionType: number
}

const UNKNOWN = 0

/** Kafka has no answer for a part that is said to be unknown: it closes the connection. Other codes that it lacks pass. */
export function checkAclCodes({ resourceType, patternType, operation, permissionType }: AclCodes): void {
  if ([resourceType, patternType, operation, permissionType].includes(UNKNOWN)) {
    throw new MalformedError('an access control list with an unknown part')
  }
}

/** What Kafka answers to changes while everybody may do everything, as it does by default. */
export const NO_AUTHORIZER = {
  errorCode: errorCode('SECURITY_DISABLED'),
  errorMessage: 'No Authorizer is configured.',
}
