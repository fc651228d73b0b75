import { api } from '../api.ts'
import { array, int16, int32, string, struct } from '../codec.ts'

/**
 * Versions 1 to 4 (KIP-4). Version 1 brought the throttle time (KIP-124), 2 throttling after the answer (KIP-219),
 * 3 TOPIC_DELETION_DISABLED (KIP-322), 4 compact lengths (KIP-482).
 */
export const DeleteTopics = api(20, 'DeleteTopics', [1, 4], {
  flexibleFrom: 4,
  request: struct({ topicNames: array(string), timeoutMs: int32 }),
  response: struct({
    throttleTimeMs: int32,
    responses: array(struct({ name: string, errorCode: int16 })),
  }),
})
