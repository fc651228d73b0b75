import { type Credentials, MECHANISMS, type Mechanism, type Security } from './client/security.ts'
import { parseJaas } from './jaas.ts'
import { type ClientProperties, openProperties } from './properties-file.ts'
import { tlsOf } from './tls-properties.ts'

/** What a file of properties says about a cluster. */
export interface NamedCluster {
  bootstrap: string
  security: Security | null
  /** Keys that are not used here, a plain line each. */
  notes: string[]
}

const PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

const READ = [
  'bootstrap.servers',
  'security.protocol',
  'sasl.mechanism',
  'sasl.jaas.config',
  'ssl.truststore.location',
  'ssl.truststore.certificates',
  'ssl.truststore.type',
  'ssl.truststore.password',
  'ssl.keystore.location',
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
  'ssl.keystore.type',
  'ssl.keystore.password',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
]

/** Node.js chooses these by itself. */
const LEFT_TO_NODE = ['ssl.protocol', 'ssl.enabled.protocols', 'ssl.cipher.suites', 'ssl.provider']

/**
 * Reads a file of Kafka client properties, as Kafka's own tools take it with `--command-config`. Paths in it begin at its folder.
 * Throws WorkbookError, with the file, the line and what to do, for everything that it cannot do. No error holds a password.
 */
export function readClientProperties(file: string): NamedCluster {
  const properties = openProperties(file)
  const notes = properties.keys.flatMap((key) => noteOn(key, properties))
  const bootstrap = properties.text('bootstrap.servers')
  if (!bootstrap) {
    throw properties.error(
      null,
      'bootstrap.servers is missing.',
      'Add a line with the address of a broker: bootstrap.servers=HOST:PORT',
    )
  }
  const protocol = properties.text('security.protocol')?.toUpperCase() || 'PLAINTEXT'
  if (!PROTOCOLS.includes(protocol)) {
    throw properties.error(
      'security.protocol',
      'security.protocol is none of Kafka.',
      `Choose one of ${PROTOCOLS.join(', ')}: the one of the listener that bootstrap.servers names.`,
    )
  }
  const tls = protocol.endsWith('SSL') ? tlsOf(properties) : null
  const sasl = protocol.startsWith('SASL') ? credentialsOf(properties) : null
  return { bootstrap, security: tls || sasl ? { tls, sasl } : null, notes }
}

/** What decides about security is never skipped; everything else is for other programs. */
function noteOn(key: string, properties: ClientProperties): string[] {
  if (READ.includes(key)) return []
  const decides = /^(ssl|sasl|security)\./.test(key) && !LEFT_TO_NODE.includes(key)
  const shown = key.slice(0, 80)
  if (!decides) return [`${properties.at(key)}: ${shown} is not used here.`]
  throw properties.error(
    key,
    `${shown} is not known to the workbook.`,
    `Take the line out, or correct its name. These are read: ${READ.join(', ')}.`,
  )
}

function credentialsOf(properties: ClientProperties): Credentials {
  const mechanism = properties.text('sasl.mechanism')?.toUpperCase()
  if (!isMechanism(mechanism)) {
    throw properties.error(
      'sasl.mechanism',
      mechanism
        ? 'this sasl.mechanism is none that the workbook speaks.'
        : 'sasl.mechanism is missing, and Kafka would take GSSAPI.',
      `It speaks ${MECHANISMS.join(', ')}. Ask for a user with one of them.`,
    )
  }
  const module = mechanism === 'PLAIN' ? 'PlainLoginModule' : 'ScramLoginModule'
  const packageName = mechanism === 'PLAIN' ? 'plain' : 'scram'
  const example = `sasl.jaas.config=org.apache.kafka.common.security.${packageName}.${module} required username="NAME" password="PASSWORD";`
  const refuse = (why: string) =>
    properties.error('sasl.jaas.config', why, `Write it so, in one line: ${example}`)
  const jaas = properties.text('sasl.jaas.config')
  if (!jaas) throw refuse('sasl.jaas.config is missing, so nobody knows who logs in.')
  const login = parseJaas(jaas)
  if (login === null) throw refuse('sasl.jaas.config is not written as JAAS.')
  if (login.name !== module) throw refuse(`sasl.mechanism ${mechanism} needs the ${module}.`)
  const other = [...login.options.keys()].find((key) => key !== 'username' && key !== 'password')
  if (other !== undefined) throw refuse('sasl.jaas.config has more than a username and a password.')
  const [username, password] = [login.options.get('username'), login.options.get('password')]
  if (!username || !password) throw refuse('sasl.jaas.config needs a username and a password.')
  return { mechanism, username, password }
}

function isMechanism(text: string | undefined): text is Mechanism {
  return MECHANISMS.some((one) => one === text)
}
