import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { KAFKA_IMAGE, kafkaEnvironment } from '../../kafka/kafka-image.ts'

const lines = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8').split('\n')

/** The `KEY: 'value'` lines that stand under `environment:`. */
function environment(): Record<string, string> {
  const entries = lines.map((line) => /^ {6}([A-Z_]+): '([^']*)'$/.exec(line))
  return Object.fromEntries(entries.flatMap((match) => (match ? [[match[1], match[2]]] : [])))
}

test('docker-compose.yml starts the same Kafka as the container provider, for clients on localhost:9092', () => {
  expect(environment()).toEqual(
    kafkaEnvironment({ id: 1, advertised: 'localhost:9092', hosts: ['localhost'] }),
  )
  expect(lines).toContain(`    image: ${KAFKA_IMAGE}`)
})

test('its port is open to this machine alone, and its data is kept in a volume', () => {
  expect(lines).toContain('      - 127.0.0.1:9092:9092')
  expect(lines).toContain(`      - data:${environment().KAFKA_LOG_DIRS}`)
})
