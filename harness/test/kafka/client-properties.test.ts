import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import { type NamedCluster, readClientProperties } from '../../kafka/client-properties.ts'
import { certificate, certificateFile } from './certificates.ts'

let folder: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'properties-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

function read(...lines: string[]): NamedCluster {
  const file = path.join(folder, 'client.properties')
  fs.writeFileSync(file, lines.join('\n'))
  return readClientProperties(file)
}

function refusal(...lines: string[]): string {
  try {
    read(...lines)
  } catch (error) {
    expect(error).toBeInstanceOf(WorkbookError)
    return `${(error as WorkbookError).message}\n${(error as WorkbookError).hint}`
  }
  return 'no error'
}

const SERVERS = 'bootstrap.servers=one:9092,two:9092'
const MODULES = 'org.apache.kafka.common.security'
const JAAS = `sasl.jaas.config=${MODULES}.scram.ScramLoginModule required username="ann" password="it's \\\\"mine\\\\"";`
const LOGIN = [SERVERS, 'security.protocol=SASL_PLAINTEXT', 'sasl.mechanism=SCRAM-SHA-512']
const SSL = [SERVERS, 'security.protocol=SSL']

test('addresses alone are PLAINTEXT', () => {
  expect(read(SERVERS)).toEqual({ bootstrap: 'one:9092,two:9092', security: null, notes: [] })
})

test('a login', () => {
  expect(read(...LOGIN, JAAS).security).toEqual({
    tls: null,
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'ann', password: `it's "mine"` },
  })
})

test('TLS and a login, with a truststore beside the file', () => {
  fs.copyFileSync(certificateFile('ca.pem'), path.join(folder, 'ca.pem'))
  const { security } = read(
    SERVERS,
    'security.protocol=SASL_SSL',
    'sasl.mechanism=PLAIN',
    `sasl.jaas.config=${MODULES}.plain.PlainLoginModule required \\`,
    '  username=ann password="x";',
    'ssl.truststore.type=PEM',
    'ssl.truststore.location=ca.pem',
    'ssl.endpoint.identification.algorithm=',
  )
  expect(security?.sasl).toMatchObject({ mechanism: 'PLAIN', username: 'ann', password: 'x' })
  expect(security?.tls).toMatchObject({ ca: certificate('ca.pem'), checkHost: false, cert: null })
})

test('certificates as values may have lost their line ends', () => {
  const inline = certificate('ca.pem').trim().replaceAll('\n', ' \\\n')
  const { security } = read(...SSL, `ssl.truststore.certificates=${inline}`)
  expect(security?.tls).toMatchObject({ ca: certificate('ca.pem'), checkHost: true })
})

test.each(['client.pem', 'client.p12'])('a certificate of the client, as %s', (name) => {
  const { security } = read(
    ...SSL,
    `ssl.keystore.location=${certificateFile(name).replaceAll('\\', '/')}`,
    ...(name === 'client.p12' ? ['ssl.keystore.password=open'] : []),
  )
  const { key, cert, pfx } = security?.tls ?? {}
  expect([key, cert, pfx].map(Boolean)).toEqual(
    name === 'client.p12' ? [false, false, true] : [true, true, false],
  )
})

test('what only other programs need is a note, with its line', () => {
  expect(read(SERVERS, '', 'acks=all', 'ssl.protocol=TLSv1.3').notes).toEqual([
    'client.properties:3: acks is not used here.',
    'client.properties:4: ssl.protocol is not used here.',
  ])
})

test.each<[string[], string, string]>([
  [
    ['bootstrap.server=one:1'],
    'client.properties: bootstrap.servers is missing.',
    'bootstrap.servers=HOST:PORT',
  ],
  [[SERVERS, 'security.protocol=TLS'], 'client.properties:2: security.protocol is none', 'SASL_SSL'],
  [
    [SERVERS, 'security.protocl=SSL'],
    'client.properties:2: security.protocl is not known',
    'correct its name',
  ],
  [[SERVERS, 'sasl.oauthbearer.token.endpoint.url=x'], 'client.properties:2:', 'Take the line out'],
  [[SERVERS, 'security.protocol=SASL_SSL'], 'client.properties: sasl.mechanism is missing', 'SCRAM-SHA-256'],
  [[SERVERS, 'security.protocol=SASL_SSL', 'sasl.mechanism=GSSAPI'], 'client.properties:3:', 'PLAIN, SCRAM'],
  [
    LOGIN,
    'client.properties: sasl.jaas.config is missing',
    'scram.ScramLoginModule required username="NAME"',
  ],
  [
    [...LOGIN, 'sasl.jaas.config=secret'],
    'client.properties:4: sasl.jaas.config is not written',
    'Write it so',
  ],
  [[...LOGIN, JAAS.replace(/;$/, '')], 'client.properties:4: sasl.jaas.config is not written', 'Write it so'],
  [
    [...LOGIN, JAAS.replaceAll(/scram/gi, 'plain')],
    'client.properties:4: sasl.mechanism SCRAM',
    'ScramLogin',
  ],
  [[...LOGIN, JAAS.replace('username', 'user')], 'client.properties:4:', 'username="NAME"'],
  [[...LOGIN, JAAS.replace(';', ' tokenauth=true;')], 'client.properties:4:', 'Write it so'],
  [['a=\\u00g0', SERVERS], 'client.properties:1: there is a \\u', 'written twice'],
  [
    [...SSL, 'ssl.truststore.location=gone.pem'],
    'client.properties:3: gone.pem cannot be read (ENOENT)',
    'folder',
  ],
  [
    [...SSL, 'ssl.truststore.certificates=none'],
    'client.properties:3: there is no certificate',
    'BEGIN CERT',
  ],
  [
    [...SSL, 'ssl.truststore.location=trust.jks'],
    'client.properties:3: the truststore is JKS',
    'keytool -list -rfc',
  ],
  [
    [...SSL, 'ssl.keystore.location=trust.jks'],
    'client.properties:3: the keystore is JKS',
    'keytool -importkeystore',
  ],
  [
    [...SSL, 'ssl.keystore.key=none'],
    'client.properties:3: the keystore needs a private key',
    'BEGIN PRIVATE',
  ],
  [
    [...SSL, 'ssl.keystore.location=bad.p12'],
    'client.properties:3: the keystore cannot be opened',
    'password',
  ],
  [[...SSL, 'ssl.endpoint.identification.algorithm=ftp'], 'client.properties:3: ', 'empty means'],
])('%j is refused', (lines, message, hint) => {
  fs.writeFileSync(path.join(folder, 'trust.jks'), Buffer.from('feedfeed00000002', 'hex'))
  fs.copyFileSync(certificateFile('client.p12'), path.join(folder, 'bad.p12'))
  const words = refusal(...lines)
  expect(words).toContain(message)
  expect(words).toContain(hint)
  expect(words).not.toMatch(/secret|mine/)
})

test('a file that is not there', () => {
  expect(() => readClientProperties(path.join(folder, 'none.properties'))).toThrow('cannot be read')
})
