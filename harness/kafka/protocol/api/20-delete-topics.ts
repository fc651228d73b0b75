import { api } from '../api.ts'
import { array, int16, int32, nullableString, since, string, struct, until, uuid } from '../codec.ts'

/**
 * Versions 1 to 6 (KIP-4). Version 1 brought the throttle time (KIP-124), 2 throttling after the answer (KIP-219),
 * 3 TOPIC_DELETION_DISABLED (KIP-322), 4 compact lengths (KIP-482), 5 the text of an error (KIP-599), 6 topics by id or by
 * name (KIP-516): from there on only `topics` is used. The name in an answer is null when nobody knows it.
 */
export const DeleteTopics = api(20, 'DeleteTopics', [1, 6], {
  flexibleFrom: 4,
  request: struct({
    topics: since(6, array(struct({ name: nullableString, topicId: uuid }))),
    topicNames: until(5, array(string)),
    timeoutMs: int32,
  }),
  response: struct({
    throttleTimeMs: int32,
    responses: array(
      struct({
        name: nullableString,
        topicId: since(6, uuid),
        errorCode: int16,
        errorMessage: since(5, nullableString),
      }),
    ),
  }),
})
