import { expect, test } from 'vitest'
import { portIsTaken, startError } from '../../kafka/jvm-log.ts'

test.each([
  ['spawn java ENOENT\n', 'There is no Java on this machine, or JAVA_HOME is wrong.'],
  ['spawn /opt/jdk/bin/java ENOENT', 'There is no Java on this machine, or JAVA_HOME is wrong.'],
  [
    'The operation could not be completed. Unable to locate a Java Runtime.\nPlease visit http://www.java.com',
    'There is no Java on this machine, or JAVA_HOME is wrong.',
  ],
  [tooOld('61.0', '55.0'), 'Kafka 4.3.1 needs Java 17; the Java here is 11.'],
  [tooOld('61.0', '52.0'), 'Kafka 4.3.1 needs Java 17; the Java here is 8.'],
  [
    'one\ntwo\r\nOutOfMemoryError: Java heap space\n',
    'Kafka 4.3.1 did not start. The end of its log:\n  one\n  two\n  OutOfMemoryError: Java heap space',
  ],
])('%j', (log, message) => {
  expect(startError('4.3.1', log).message).toBe(message)
})

test('of a long log, the last eight lines are shown', () => {
  const log = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n')
  const shown = startError('4.3.1', log).message.split('\n').slice(1)
  expect(shown).toEqual([92, 93, 94, 95, 96, 97, 98, 99].map((number) => `  line ${number}`))
})

test.each([
  ['java.net.BindException: Address already in use', true],
  ['Socket server failed to bind to 127.0.0.1:9092: Address already in use: bind', true],
  ['java.net.ConnectException: Connection refused', false],
])('%s', (log, taken) => {
  expect(portIsTaken(log)).toBe(taken)
})

function tooOld(needed: string, found: string): string {
  return `Error: LinkageError occurred while loading main class kafka.Kafka
java.lang.UnsupportedClassVersionError: kafka/Kafka has been compiled by a more recent version of the Java Runtime \
(class file version ${needed}), this version of the Java Runtime only recognizes class file versions up to ${found}`
}
