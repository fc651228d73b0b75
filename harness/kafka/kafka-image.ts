import { type NodeSettings, sharedSettings } from './node-settings.ts'

/** The Kafka that the container provider starts, and that docker-compose.yml starts. */
export const KAFKA_VERSION = '4.3.1'
export const KAFKA_IMAGE = `apache/kafka:${KAFKA_VERSION}`

/** The port that clients reach inside the container. */
export const CLIENT_PORT = 9092
/** The port that the other nodes reach, and everybody else in their network. */
const BROKER_PORT = 9094

/** One node in a container. */
export interface ContainerNode {
  /** 1 and on: its place among `hosts`. */
  id: number
  /** The `host:port` that clients reach from outside. */
  advertised: string
  /** The names by which all nodes of the cluster reach each other. */
  hosts: readonly string[]
}

/**
 * The settings of a KRaft node, broker and controller in one, that learns nothing from the image's defaults: any KAFKA_*
 * variable makes the image ignore its own server.properties. Rule: KAFKA_X_Y is the setting x.y (Kafka's KafkaDockerWrapper).
 */
export function kafkaEnvironment({ id, advertised, hosts }: ContainerNode): Record<string, string> {
  return {
    KAFKA_NODE_ID: String(id),
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: hosts.map((host, index) => `${index + 1}@${host}:9093`).join(','),
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    // Brokers ask each other, and themselves (KIP-890), and cannot reach the address of their clients.
    KAFKA_LISTENERS: `PLAINTEXT://:${CLIENT_PORT},BROKER://:${BROKER_PORT},CONTROLLER://:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://${advertised},BROKER://${hosts[id - 1]}:${BROKER_PORT}`,
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'BROKER',
    KAFKA_LOG_DIRS: '/var/lib/kafka/data',
    ...asEnvironment(sharedSettings(hosts.length)),
  }
}

function asEnvironment(settings: NodeSettings): Record<string, string> {
  const variable = (name: string) => `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [variable(name), value]))
}
