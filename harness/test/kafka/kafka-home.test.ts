import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import { findKafkaHome, javaCommand } from '../../kafka/kafka-home.ts'

let home: string

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'kafka-home-'))
})

afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

function put(...names: string[]): void {
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(home, name)), { recursive: true })
    fs.writeFileSync(path.join(home, name), '')
  }
}

function refusal(environment: NodeJS.ProcessEnv): string {
  try {
    findKafkaHome(environment)
  } catch (error) {
    if (error instanceof WorkbookError) return `${error.message}\n${error.hint}`
  }
  throw new Error('a WorkbookError was expected')
}

test('an unpacked distribution has its jars in libs', () => {
  put(
    'bin/kafka-topics.sh',
    'libs/kafka_2.13-4.3.1.jar',
    'libs/kafka-clients-4.3.1.jar',
    'libs/zstd-jni-1.5.jar',
  )
  expect(findKafkaHome({ KAFKA_HOME: home })).toEqual({
    version: '4.3.1',
    classPath: path.join(home, 'libs', '*'),
  })
})

test('a folder of jars is as good', () => {
  put('kafka_2.13-4.0.0.jar', 'kafka-clients-4.0.0-test.jar', 'kafka-clients-4.0.0.jar')
  expect(findKafkaHome({ KAFKA_HOME: home })).toEqual({ version: '4.0.0', classPath: path.join(home, '*') })
})

test.each([
  ['nothing', []],
  ['no jars', ['README.md', 'libs/README.md']],
  ['a client alone', ['libs/kafka-clients-4.3.1.jar']],
  ['other jars', ['kafka-streams-4.3.1.jar', 'my-kafka_2.13-4.3.1.jar']],
])('%s is no Kafka', (_, names) => {
  put(...names)
  expect(refusal({ KAFKA_HOME: home })).toMatch(/no jars of a Kafka broker in it[\s\S]*--broker embedded/)
})

test('a folder that does not exist is no Kafka either', () => {
  expect(refusal({ KAFKA_HOME: path.join(home, 'none') })).toMatch(/no jars of a Kafka broker in it/)
})

test.each([{}, { KAFKA_HOME: '' }])('without KAFKA_HOME, the message says what to set', (environment) => {
  expect(refusal(environment)).toMatch(/^KAFKA_HOME is not set[\s\S]*Unpack Kafka/)
})

test('Java is that of JAVA_HOME, or the one in the path', () => {
  expect(javaCommand({ JAVA_HOME: home })).toBe(path.join(home, 'bin', 'java'))
  expect(javaCommand({})).toBe('java')
})
