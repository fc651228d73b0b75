import { Fetch } from '../protocol/api/01-fetch.ts'
import { Metadata } from '../protocol/api/03-metadata.ts'
import { CreateTopics } from '../protocol/api/19-create-topics.ts'
import type { AnyApi, RequestOf, ResponseOf } from '../protocol/api.ts'
import { uuid } from '../protocol/codec.ts'

interface Topic {
  topic: string
  topicId: string
}

/**
 * The names of topics by their ids. Fetch 13 and later names topics by id alone (KIP-516); a client learns an id only from
 * an answer, which the wiretap has seen, too.
 */
export class TopicIds {
  readonly #names = new Map<string, string>()

  /** Notes the ids that an answer tells. */
  learn(api: AnyApi, answer: unknown): void {
    if (api.key !== Metadata.key && api.key !== CreateTopics.key) return
    const { topics } = answer as ResponseOf<typeof Metadata> | ResponseOf<typeof CreateTopics>
    for (const { topicId, name } of topics) {
      if (topicId !== uuid.absent && name !== null) this.#names.set(topicId, name)
    }
  }

  /** The request, with names where there were only ids; an id that nobody told stands for itself. */
  nameRequest(api: AnyApi, request: unknown): unknown {
    if (api.key !== Fetch.key || request === null) return request
    const { topics, forgottenTopicsData, ...rest } = request as RequestOf<typeof Fetch>
    return {
      ...rest,
      topics: topics.map((one) => this.#named(one)),
      forgottenTopicsData: forgottenTopicsData.map((one) => this.#named(one)),
    }
  }

  /** As `nameRequest`, for an answer. */
  nameAnswer(api: AnyApi, answer: unknown): unknown {
    if (api.key !== Fetch.key || answer === null) return answer
    const { responses, ...rest } = answer as ResponseOf<typeof Fetch>
    return { ...rest, responses: responses.map((one) => this.#named(one)) }
  }

  #named<T extends Topic>(one: T): T {
    if (one.topicId === uuid.absent) return one
    return { ...one, topic: this.#names.get(one.topicId) ?? one.topicId }
  }
}
