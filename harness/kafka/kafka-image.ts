import { type NodeSettings, sharedSettings } from './node-settings.ts'

/** The Kafka that the container provider starts, and that docker-compose.yml starts. */
export const KAFKA_VERSION = '4.3.1'
export const KAFKA_IMAGE = `apache/kafka:${KAFKA_VERSION}`

/** The port that clients reach inside the container. */
export const CLIENT_PORT = 9092

/**
 * The settings of a single KRaft node that learns nothing from the image's defaults: any KAFKA_* variable makes the
 * image ignore its own server.properties. `advertised` is the `host:port` that clients reach from outside.
 * Rule: KAFKA_X_Y is the setting x.y (Kafka's KafkaDockerWrapper).
 */
export function kafkaEnvironment(advertised: string): Record<string, string> {
  return {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    // The broker asks itself whether a transaction is open (KIP-890), and cannot reach the address of its clients.
    KAFKA_LISTENERS: `PLAINTEXT://:${CLIENT_PORT},BROKER://localhost:9094,CONTROLLER://localhost:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${advertised},BROKER://localhost:9094`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'BROKER',
    KAFKA_LOG_DIRS: '/var/lib/kafka/data',
    ...asEnvironment(sharedSettings(1)),
  }
}

function asEnvironment(settings: NodeSettings): Record<string, string> {
  const variable = (name: string) => `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [variable(name), value]))
}
