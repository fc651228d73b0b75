import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { errorCode, errorName, isRetriable } from '../../../kafka/protocol/error-codes.ts'

interface KafkajsError {
  type: string
  code: number
}
const kafkajs: { errorCodes: KafkajsError[] } = createRequire(import.meta.url)('kafkajs/src/protocol/error')

/** Kafka renamed these after kafkajs copied them. */
const RENAMED: Record<string, string> = {
  UNKNOWN: 'UNKNOWN_SERVER_ERROR',
  NOT_LEADER_FOR_PARTITION: 'NOT_LEADER_OR_FOLLOWER',
  GROUP_LOAD_IN_PROGRESS: 'COORDINATOR_LOAD_IN_PROGRESS',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'COORDINATOR_NOT_AVAILABLE',
  NOT_COORDINATOR_FOR_GROUP: 'NOT_COORDINATOR',
}

describe('error table', () => {
  test.each(kafkajs.errorCodes)('$code is what kafkajs calls $type', ({ type, code }) => {
    expect(errorName(code)).toBe(RENAMED[type] ?? type)
  })

  test('has every code from -1 to 133, and no two of the same', () => {
    const names = Array.from({ length: 135 }, (_, index) => errorName(index - 1))
    expect(names.filter((name) => name.startsWith('ERROR_'))).toEqual([])
    expect(new Set(names).size).toBe(135)
  })

  test('goes from name to code and back', () => {
    expect(errorCode('UNKNOWN_TOPIC_OR_PARTITION')).toBe(3)
    expect(errorCode('PRODUCER_FENCED')).toBe(90)
    expect(errorName(90)).toBe('PRODUCER_FENCED')
  })

  test('names a code that it does not know by its number', () => {
    expect(errorName(9999)).toBe('ERROR_9999')
    expect(isRetriable(9999)).toBe(false)
  })

  test('knows what Kafka’s clients try again', () => {
    expect(isRetriable(errorCode('NOT_LEADER_OR_FOLLOWER'))).toBe(true)
    expect(isRetriable(errorCode('TOPIC_ALREADY_EXISTS'))).toBe(false)
  })
})
