import { Metadata } from '../protocol/api/03-metadata.ts'
import { ListGroups } from '../protocol/api/16-list-groups.ts'
import { SaslHandshake } from '../protocol/api/17-sasl-handshake.ts'
import { ApiVersions } from '../protocol/api/18-api-versions.ts'
import { DeleteTopics } from '../protocol/api/20-delete-topics.ts'
import { DescribeAcls } from '../protocol/api/29-describe-acls.ts'
import { CreateAcls } from '../protocol/api/30-create-acls.ts'
import { DeleteAcls } from '../protocol/api/31-delete-acls.ts'
import { AlterConfigs } from '../protocol/api/33-alter-configs.ts'
import { IncrementalAlterConfigs } from '../protocol/api/44-incremental-alter-configs.ts'
import { ListPartitionReassignments } from '../protocol/api/46-list-partition-reassignments.ts'
import type { AnyApi, ResponseOf } from '../protocol/api.ts'
import { type ErrorName, errorCode } from '../protocol/error-codes.ts'
import { RESOURCE_TYPES } from '../protocol/resource-types.ts'
import { Allowance } from './allowance.ts'
import type { Strike } from './faults.ts'
import { groupsIn, topicsIn } from './named-in-request.ts'
import type { OpenedRequest } from './open-frame.ts'
import { refusalOf } from './refusals.ts'

/** Stands between a client and what is not its own. */
export interface Guard {
  /** What stops a request before the broker sees it; null for one that may pass. */
  stop(request: OpenedRequest): Strike | null
  /** An answer without the names of others; null where it may be given as it is. */
  hide(api: AnyApi, answer: unknown): unknown
}

export const NO_GUARD: Guard = { stop: () => null, hide: () => null }

/**
 * Lets a client use the topics, groups and transactional ids whose names begin with `start`, and no others: one broker serves
 * many answers. What it names beyond that is refused as Kafka refuses whom an ACL keeps out, or its connection is closed
 * where an answer has no place for an error. Names of others are not listed, partitions and bytes are counted, and what the grammar
 * cannot read does not pass.
 */
export function guardNames(start: string): Guard {
  const isOwn = (name: string) => name.startsWith(start)
  const allowance = new Allowance()
  return {
    stop: (request) => stopForeign(request, (name) => !isOwn(name)) ?? allowance.stop(request),
    hide: (api, answer) => hideForeign(api, answer, isOwn),
  }
}

function stopForeign(request: OpenedRequest, isForeign: (name: string) => boolean): Strike | null {
  const { api, body, unread } = request
  if (api?.key === ApiVersions.key) return null
  if (!api || unread !== null) return stop('not understood, so it did not pass')
  const topic = topicsIn(body).find(isForeign) ?? unnamedTopic(request)
  if (topic !== undefined) return refuse(request, 'TOPIC_AUTHORIZATION_FAILED', topic)
  const group = groupsIn(body).find(isForeign)
  if (group !== undefined) return refuse(request, 'GROUP_AUTHORIZATION_FAILED', group)
  const transaction = transactionalIdsIn(body).find(isForeign)
  if (transaction !== undefined) return refuse(request, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', transaction)
  return changesBroker(request) ? stop('a broker is not for one answer to change') : null
}

function hideForeign(api: AnyApi, answer: unknown, isOwn: (name: string) => boolean): unknown {
  switch (api.key) {
    case Metadata.key: {
      const body = answer as ResponseOf<typeof Metadata>
      return { ...body, topics: body.topics.filter(({ name }) => name === null || isOwn(name)) }
    }
    case ListGroups.key: {
      const body = answer as ResponseOf<typeof ListGroups>
      return { ...body, groups: body.groups.filter(({ groupId }) => isOwn(groupId)) }
    }
    case ListPartitionReassignments.key: {
      const body = answer as ResponseOf<typeof ListPartitionReassignments>
      return { ...body, topics: body.topics.filter(({ name }) => isOwn(name)) }
    }
    default:
      return null
  }
}

function refuse({ api, body }: OpenedRequest, error: ErrorName, name: string): Strike {
  const words = `refused: ${name} is not of this run`
  const answer = api && refusalOf(api)?.(body, errorCode(error))
  return answer ? { delayMs: 0, drop: false, cutAnswer: false, answer, words } : stop(words)
}

function stop(words: string): Strike {
  return { delayMs: 0, drop: true, cutAnswer: false, answer: null, words }
}

/** DeleteTopics may name a topic by its id alone. */
function unnamedTopic({ api, body }: OpenedRequest): string | undefined {
  if (api?.key !== DeleteTopics.key) return undefined
  const { topics } = body as { topics?: { name: string | null; topicId: string }[] }
  return topics?.find(({ name }) => name === null)?.topicId
}

/** The rules about who may do what, and logins: the wiretap's own was made before. */
const NOT_FOR_ANSWERS = [SaslHandshake, DescribeAcls, CreateAcls, DeleteAcls].map(({ key }) => key)

/** Its settings, or the rules about who may do what. */
function changesBroker({ api, body }: OpenedRequest): boolean {
  if (api && NOT_FOR_ANSWERS.includes(api.key)) return true
  if (api?.key !== AlterConfigs.key && api?.key !== IncrementalAlterConfigs.key) return false
  const { resources } = body as { resources: { resourceType: number }[] }
  return resources.some(({ resourceType }) => resourceType !== RESOURCE_TYPES.TOPIC)
}

/** FindCoordinator asks for the coordinator of a transaction with this `keyType`. */
const TRANSACTION_KEY = 1

interface Fields {
  transactionalId?: string | null
  v3AndBelowTransactionalId?: string
  key?: string
  keyType?: number
  coordinatorKeys?: string[]
}

function transactionalIdsIn(body: unknown): string[] {
  const { transactionalId, v3AndBelowTransactionalId, key, keyType, coordinatorKeys } = body as Fields
  const keys = keyType === TRANSACTION_KEY ? [key, ...(coordinatorKeys ?? [])] : []
  const named = [transactionalId, v3AndBelowTransactionalId, ...keys]
  return named.filter((name): name is string => typeof name === 'string' && name !== '')
}
