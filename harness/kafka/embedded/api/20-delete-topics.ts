import { DeleteTopics } from '../../protocol/api/20-delete-topics.ts'
import { type ErrorName, errorCode } from '../../protocol/error-codes.ts'
import { handler } from '../handler.ts'
import { namedTwice } from '../repeated-names.ts'
import type { State } from '../state.ts'

/**
 * DeleteTopics, versions 1 to 3. The offsets that groups committed for a topic go with it. A topic that is created again
 * under the same name starts at offset 0, with another id.
 */
export const deleteTopics = handler(DeleteTopics, [1, 3], ({ topicNames }, { state }) => {
  const repeated = namedTwice(topicNames.map((name) => ({ name })))
  const responses = [...new Set(topicNames)].map((name) => ({
    name,
    errorCode: errorCode(repeated.has(name) ? 'INVALID_REQUEST' : remove(state, name)),
  }))
  return { throttleTimeMs: 0, responses }
})

function remove({ topics, groups, settings }: State, name: string): ErrorName {
  if (settings['delete.topic.enable'] !== 'true') return 'TOPIC_DELETION_DISABLED'
  if (!topics.get(name)) return 'UNKNOWN_TOPIC_OR_PARTITION'
  topics.delete(name)
  groups.topicDeleted(name)
  return 'NONE'
}
