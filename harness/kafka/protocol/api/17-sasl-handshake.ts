import { api } from '../api.ts'
import { array, int16, string, struct } from '../codec.ts'

/**
 * Versions 0 and 1 (KIP-43). They look the same; after 1 the tokens travel in SaslAuthenticate requests (KIP-152),
 * after 0 they follow without any Kafka header.
 */
export const SaslHandshake = api(17, 'SaslHandshake', [0, 1], {
  request: struct({ mechanism: string }),
  response: struct({ errorCode: int16, mechanisms: array(string) }),
})
