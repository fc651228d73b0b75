import { api } from '../api.ts'
import { bytes, int16, nullableString, struct } from '../codec.ts'

/**
 * Version 0 (KIP-152): one token of a SASL mechanism, and the other side's. Version 1 tells when to log in anew (KIP-368), which
 * the workbook does not do. It is not among the APIS of the grammar: no journal may hold what it carries.
 */
export const SaslAuthenticate = api(36, 'SaslAuthenticate', [0, 0], {
  request: struct({ authBytes: bytes }),
  response: struct({ errorCode: int16, errorMessage: nullableString, authBytes: bytes }),
})
