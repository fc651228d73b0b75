import fs from 'node:fs'
import path from 'node:path'
import tls from 'node:tls'
import type { Tls } from './client/security.ts'
import type { ClientProperties } from './properties-file.ts'
import { readPem, storeKind } from './stores.ts'

/** The TLS settings of a file of client properties. Throws WorkbookError for stores that Node.js cannot read. */
export function tlsOf(properties: ClientProperties): Tls {
  const whole: Tls = {
    ...keyStore(properties),
    ca: trustStore(properties),
    checkHost: checksHost(properties),
  }
  try {
    const { cert, key, pfx, passphrase } = whole
    tls.createSecureContext({
      ...(cert !== null && { cert }),
      ...(key !== null && { key }),
      ...(pfx !== null && { pfx: Buffer.from(pfx, 'base64') }),
      ...(passphrase !== null && { passphrase }),
    })
  } catch (error) {
    throw properties.error(
      keyOf(properties, 'ssl.keystore.location', 'ssl.keystore.key'),
      `the keystore cannot be opened: ${(error as Error).message}.`,
      'Is its password right (ssl.keystore.password, ssl.key.password), and does the key belong to the certificate?',
    )
  }
  return whole
}

function checksHost(properties: ClientProperties): boolean {
  const key = 'ssl.endpoint.identification.algorithm'
  const algorithm = properties.text(key) ?? 'https'
  if (algorithm === '' || algorithm.toLowerCase() === 'https') return algorithm !== ''
  throw properties.error(
    key,
    `${key} is neither https nor empty.`,
    'Leave the line out; empty means that any host may have the certificate.',
  )
}

/** Null where nothing is said: then those certificates are trusted that Node.js brings along. */
function trustStore(properties: ClientProperties): string | null {
  const inline = properties.text('ssl.truststore.certificates')
  const location = properties.text('ssl.truststore.location')
  if (!inline && !location) return null
  const key = inline ? 'ssl.truststore.certificates' : 'ssl.truststore.location'
  const bytes = inline ? Buffer.from(inline) : readStore(properties, key, location as string)
  const kind = storeKind(bytes)
  if (kind === 'JKS' || kind === 'PKCS12') {
    throw properties.error(
      key,
      `the truststore is ${kind}, and only PEM is read.`,
      `Make PEM of it:  keytool -list -rfc -keystore ${location} > truststore.pem\nThen name truststore.pem in ssl.truststore.location, with ssl.truststore.type=PEM.`,
    )
  }
  const { certificates } = readPem(bytes.toString('utf8'))
  if (certificates !== '') return certificates
  throw properties.error(
    key,
    'there is no certificate in the truststore.',
    'It is a text with -----BEGIN CERTIFICATE----- in it.',
  )
}

type KeyStore = Pick<Tls, 'cert' | 'key' | 'pfx' | 'passphrase'>

/** Kafka keeps a key and the chain of its certificates together: in one file, or in two properties. */
function keyStore(properties: ClientProperties): KeyStore {
  const location = properties.text('ssl.keystore.location')
  const key = keyOf(properties, 'ssl.keystore.location', 'ssl.keystore.key')
  const passphrase = properties.text('ssl.key.password') || properties.text('ssl.keystore.password') || null
  if (key === null) return { cert: null, key: null, pfx: null, passphrase: null }
  const bytes = location
    ? readStore(properties, key, location)
    : Buffer.from(
        `${properties.text('ssl.keystore.key')}\n${properties.text('ssl.keystore.certificate.chain') ?? ''}`,
      )
  const kind = storeKind(bytes)
  if (kind === 'PKCS12') {
    const password = properties.text('ssl.keystore.password') ?? null
    return { cert: null, key: null, pfx: bytes.toString('base64'), passphrase: password }
  }
  if (kind === 'JKS') {
    throw properties.error(
      key,
      'the keystore is JKS, which only Java reads.',
      `Make PKCS12 of it:  keytool -importkeystore -srckeystore ${location} -destkeystore keystore.p12 -deststoretype PKCS12\nThen name keystore.p12 in ssl.keystore.location, with ssl.keystore.type=PKCS12.`,
    )
  }
  const pem = readPem(bytes.toString('utf8'))
  if (pem.keys !== '' && pem.certificates !== '') {
    return { cert: pem.certificates, key: pem.keys, pfx: null, passphrase }
  }
  throw properties.error(
    key,
    'the keystore needs a private key and the certificate that belongs to it.',
    'PEM has both as text: -----BEGIN PRIVATE KEY----- and -----BEGIN CERTIFICATE-----',
  )
}

/** The first of these keys that has a value. */
function keyOf(properties: ClientProperties, ...keys: string[]): string | null {
  return keys.find((key) => Boolean(properties.text(key))) ?? null
}

function readStore(properties: ClientProperties, key: string, location: string): Buffer {
  try {
    return fs.readFileSync(path.resolve(properties.folder, location))
  } catch (error) {
    throw properties.error(
      key,
      `${location} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      'Check the path; a relative one begins at the folder of this file.',
    )
  }
}
