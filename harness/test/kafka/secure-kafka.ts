import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { freePort } from '../../free-port.ts'
import { connect } from '../../kafka/client/client.ts'
import { runJava } from '../../kafka/java-process.ts'
import { nodeCommands, nodeSettings, propertiesFile } from '../../kafka/jvm-nodes.ts'
import { findKafkaHome, javaCommand } from '../../kafka/kafka-home.ts'
import { CreateAcls } from '../../kafka/protocol/api/30-create-acls.ts'
import { nodesUp } from '../../kafka/standing.ts'
import { warmUp } from '../../kafka/warm-up.ts'
import { certificateFile } from './certificates.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const MODULES = 'org.apache.kafka.common.security'
const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']
/** An equals sign means something else in SCRAM's messages. */
export const USER = 'learner=1'
export const PASSWORD = 'pass=word'

/** A Kafka that lets in whom it knows. Its ports, by the kind of the listener; `nodes` asks for a certificate of the client. */
export interface SecureKafka {
  plain: string
  ssl: string
  mutual: string
  saslSsl: string
  saslPlain: string
  controller: string
  stop(): Promise<void>
}

/**
 * Starts real Kafka (KAFKA_HOME) with one listener of every kind and the StandardAuthorizer. USER may log in by every
 * mechanism, `nobody` by PLAIN; USER may do all to names that begin with `wb-`. Whoever comes without a name, by `plain`, may do everything.
 */
export async function startSecureKafka(): Promise<SecureKafka> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kafka-workbook-secure-'))
  const names = ['plain', 'ssl', 'mutual', 'saslSsl', 'saslPlain'] as const
  const ports = await Promise.all(names.map(freePort))
  const at = (index: number) => `127.0.0.1:${ports[index]}`
  const node = { id: 1, folder, clientPort: ports[0] as number, controllerPort: await freePort() }
  const listeners = ['PLAINTEXT', 'SSL', 'MUTUAL', 'SASL_SSL', 'SASL_PLAINTEXT'].map(
    (name, index) => `${name}://${at(index)}`,
  )
  const settings = {
    ...nodeSettings(node, [node]),
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${node.controllerPort}`].join(','),
    'advertised.listeners': listeners.join(','),
    'listener.security.protocol.map':
      'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,MUTUAL:SSL,SASL_SSL:SASL_SSL,SASL_PLAINTEXT:SASL_PLAINTEXT',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': certificateFile('node.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificateFile('ca.pem'),
    'listener.name.mutual.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': MECHANISMS.join(','),
    ...logins('sasl_ssl'),
    ...logins('sasl_plaintext'),
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS;User:CN=client',
  }
  const file = path.join(folder, 'server.properties')
  fs.writeFileSync(file, propertiesFile(settings))
  const { classPath } = findKafkaHome()
  const [format = [], run = []] = nodeCommands(javaCommand(), classPath, file)
  const users = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name="${USER}",password="${PASSWORD}"]`,
  ])
  const java = runJava(ROOT, { folder, commands: [[...format, ...users], run] })
  try {
    await vi.waitUntil(async () => java.ended() || (await nodesUp(at(0))) > 0, { timeout: 180_000 })
    if (java.ended()) throw new Error(java.log())
    await allow(at(0))
    // It gives up after 15 seconds, which a machine with other work may need.
    const isWarm = () =>
      warmUp(at(0)).then(
        () => true,
        () => false,
      )
    await vi.waitUntil(isWarm, { timeout: 120_000 })
  } catch (error) {
    await java.stop()
    throw error
  }
  const addresses = Object.fromEntries(names.map((name, index) => [name, at(index)]))
  const controller = `127.0.0.1:${node.controllerPort}`
  return { ...addresses, controller, stop: () => java.stop() } as SecureKafka
}

function logins(listener: string): Record<string, string> {
  const users = `user_nobody="${PASSWORD}" "user_${USER}"="${PASSWORD}"`
  return {
    [`listener.name.${listener}.plain.sasl.jaas.config`]: `${MODULES}.plain.PlainLoginModule required ${users};`,
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`]: `${MODULES}.scram.ScramLoginModule required;`,
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`]: `${MODULES}.scram.ScramLoginModule required;`,
  }
}

const [TOPIC, GROUP, TRANSACTIONAL_ID] = [2, 3, 5]
const PREFIXED = 4
const [ALL, ALLOW] = [2, 3]

async function allow(bootstrap: string): Promise<void> {
  const client = await connect(bootstrap, { timeoutMs: 60_000 })
  const creations = [TOPIC, GROUP, TRANSACTIONAL_ID].map((resourceType) => ({
    resourceType,
    resourceName: 'wb-',
    resourcePatternType: PREFIXED,
    principal: `User:${USER}`,
    host: '*',
    operation: ALL,
    permissionType: ALLOW,
  }))
  await client.request(CreateAcls, 'highest', { creations }, 'controller')
  client.close()
}
