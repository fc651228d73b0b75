import net from 'node:net'
import os from 'node:os'
import tls from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import { freePort } from '../../free-port.ts'
import { parseAddress, showAddress } from '../../kafka/client/address.ts'
import type { Security, Tls } from '../../kafka/client/security.ts'
import { openCluster } from '../../kafka/cluster.ts'
import { startEmbedded } from '../../kafka/embedded/start.ts'
import { Metadata } from '../../kafka/protocol/api/03-metadata.ts'
import { SaslHandshake } from '../../kafka/protocol/api/17-sasl-handshake.ts'
import { ApiVersions } from '../../kafka/protocol/api/18-api-versions.ts'
import { CreateTopics } from '../../kafka/protocol/api/19-create-topics.ts'
import { SaslAuthenticate } from '../../kafka/protocol/api/36-sasl-authenticate.ts'
import { writeResponse } from '../../kafka/protocol/api.ts'
import { uuid } from '../../kafka/protocol/codec.ts'
import { errorCode } from '../../kafka/protocol/error-codes.ts'
import { certificate } from './certificates.ts'
import { fakeBroker, type Script } from './fake-broker.ts'

const TLS: Tls = {
  ...{ ca: certificate('ca.pem'), cert: null, key: null, pfx: null, passphrase: null },
  checkHost: true,
}
const SASL = { mechanism: 'PLAIN', username: 'ann', password: 'hunter2' } as const

async function broker(script: Script): Promise<string> {
  const { bootstrap, close } = await fakeBroker(script)
  onTestFinished(close)
  return bootstrap
}

/** Hands connections on to a broker, from another address of this machine. */
async function forward(host: string, bootstrap: string): Promise<string> {
  const server = net.createServer((client) => join(client, bootstrap))
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => void server.close())
  return showAddress({ host, port: (server.address() as net.AddressInfo).port })
}

function join(client: net.Socket, bootstrap: string): void {
  const inner = net.connect(parseAddress(bootstrap))
  for (const socket of [client, inner]) {
    socket.on('error', () => {})
    socket.on('close', () => {
      client.destroy()
      inner.destroy()
    })
  }
  client.pipe(inner).pipe(client)
}

async function embedded(): Promise<string> {
  const { bootstrap, close } = await startEmbedded()
  onTestFinished(close)
  return bootstrap
}

/** The embedded broker behind TLS, with the certificate of this name. */
async function behindTls(name: string, options: tls.TlsOptions = {}): Promise<string> {
  const bootstrap = await embedded()
  const pem = certificate(name)
  const server = tls.createServer({ key: pem, cert: pem, ...options }, (client) => join(client, bootstrap))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`
}

const offering =
  (keys: number[]): Script =>
  (api) =>
    api === ApiVersions
      ? {
          ...ApiVersions.response.absent,
          apiKeys: keys.map((apiKey) => ({ apiKey, minVersion: 0, maxVersion: 9 })),
        }
      : null

/** A listener with SASL: without a login it answers ApiVersions alone. */
const asking =
  (mechanisms: string[]): Script =>
  (api, request, header) => {
    if (api === SaslHandshake) {
      const { mechanism } = request as { mechanism: string }
      const refused = mechanisms.length === 0 ? 'ILLEGAL_SASL_STATE' : 'UNSUPPORTED_SASL_MECHANISM'
      return { errorCode: mechanisms.includes(mechanism) ? 0 : errorCode(refused), mechanisms }
    }
    if (header.apiKey !== SaslAuthenticate.key) return null
    const errorMessage = 'Authentication failed: Invalid username or password'
    return writeResponse(SaslAuthenticate, 0, header.correlationId, {
      ...{ errorCode: errorCode('SASL_AUTHENTICATION_FAILED'), errorMessage, authBytes: Buffer.alloc(0) },
    })
  }

async function twoNodes(): Promise<string> {
  const gone = await freePort()
  const nodes: { nodeId: number; host: string; port: number; rack: null }[] = []
  const bootstrap = await broker((api) =>
    api === Metadata ? { ...Metadata.response.absent, brokers: nodes, controllerId: 1 } : null,
  )
  nodes.push({ nodeId: 1, host: '127.0.0.1', port: Number(bootstrap.split(':')[1]), rack: null })
  nodes.push({ nodeId: 2, host: '127.0.0.1', port: gone, rack: null })
  return bootstrap
}

const withoutRights: Script = (api, request) => {
  if (api === Metadata) {
    const node = { nodeId: 1, host: '127.0.0.1', port: 1, rack: null }
    return { ...Metadata.response.absent, brokers: [node], controllerId: 1 }
  }
  if (api !== CreateTopics) return null
  const { topics } = request as { topics: { name: string }[] }
  const refused = {
    errorCode: errorCode('TOPIC_AUTHORIZATION_FAILED'),
    errorMessage: 'Authorization failed.',
    numPartitions: -1,
    configs: [],
  }
  return {
    throttleTimeMs: 0,
    topics: topics.map(({ name }) => ({ name, topicId: uuid.absent, replicationFactor: -1, ...refused })),
  }
}

const ZOOKEEPER_ERA = Array.from({ length: 48 }, (_, key) => key)
const CONTROLLER = [1, 17, 18, 19, 20, 52, 53, 54, 55, 59, 60]
const mutual = { requestCert: true, rejectUnauthorized: true, ca: certificate('ca.pem') }

test.each<[string, () => Promise<string>, Security | null, RegExp, RegExp]>([
  [
    'a wrong password',
    () => broker(asking(['PLAIN'])),
    { tls: null, sasl: SASL },
    /does not let ann in: the user, or the password/,
    /sasl\.jaas\.config/,
  ],
  [
    'another mechanism',
    () => broker(asking(['GSSAPI'])),
    { tls: null, sasl: SASL },
    /does not take logins by PLAIN/,
    /GSSAPI/,
  ],
  [
    'an expired certificate',
    () => behindTls('expired.pem'),
    { tls: TLS, sasl: null },
    /has expired \(it is good from Jan .* 2020 GMT to Jan .* 2021 GMT\)/,
    /renew/,
  ],
  [
    'a certificate of another host',
    () => behindTls('other.pem'),
    { tls: TLS, sasl: null },
    /is for other hosts: DNS:elsewhere\.example/,
    /bootstrap\.servers/,
  ],
  [
    'a certificate that nobody signed',
    () => behindTls('node.pem'),
    { tls: { ...TLS, ca: null }, sasl: null },
    /signed by nobody whom/,
    /ssl\.truststore\.location/,
  ],
  [
    'no certificate of the client',
    () => behindTls('node.pem', mutual),
    { tls: TLS, sasl: null },
    /wants a certificate of the client/,
    /ssl\.keystore\.location/,
  ],
  [
    'plain words to a port with TLS',
    () => behindTls('node.pem'),
    null,
    /speaks TLS, and was spoken to without/,
    /security\.protocol=SSL/,
  ],
  ['TLS to a port without', embedded, { tls: TLS, sasl: null }, /does not speak TLS/, /PLAINTEXT/],
  [
    'a login where none is asked for',
    () => broker(asking([])),
    { tls: null, sasl: SASL },
    /takes no logins, and security\.protocol says SASL/,
    /take SASL_ out/,
  ],
  [
    "the controller's port",
    () => broker(offering(CONTROLLER)),
    null,
    /is the port of a controller, not of a broker/,
    /9092/,
  ],
  [
    'a cluster of the years of ZooKeeper',
    () => broker(offering(ZOOKEEPER_ERA)),
    null,
    /years of ZooKeeper, older than 3\.0/,
    /newer cluster/,
  ],
  [
    'an advertised address that leads nowhere',
    twoNodes,
    null,
    /Node 2 of the cluster says that it is at 127\.0\.0\.1:\d+, and there it cannot/,
    /ECONNREFUSED[\s\S]*advertised\.listeners/,
  ],
  [
    'no right to create topics',
    () => broker(withoutRights),
    null,
    /ANONYMOUS may not create topics .*TOPIC_AUTHORIZATION_FAILED/,
    /kafka-acls .*--topic wb- /,
  ],
  [
    'another machine',
    async () => 'kafka.example:9092',
    null,
    /kafka\.example is another machine/,
    /--foreign/,
  ],
])('%s: cause and mend, and no password', async (_, make, security, message, hint) => {
  const error = await openCluster(await make(), { security }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(WorkbookError)
  const said = error as WorkbookError
  expect(said.message).toMatch(message)
  expect(said.hint).toMatch(hint)
  expect(`${said.message} ${said.hint}`).not.toContain('hunter2')
})

test('a broker behind TLS is used, with a certificate of the client where it asks for one', async () => {
  const pem = certificate('client.pem')
  const bootstrap = await behindTls('node.pem', mutual)
  const opened = await openCluster(bootstrap, {
    security: { tls: { ...TLS, cert: pem, key: pem }, sasl: null },
  })
  expect(opened).toMatchObject({ kind: 'cluster', version: '4.x', guarded: false })
})

const far = Object.values(os.networkInterfaces())
  .flat()
  .find((one) => one && !one.internal && one.family === 'IPv4')?.address
if (!far) process.stderr.write('This machine has no address of its own: --foreign is not tried.\n')

test.skipIf(!far)('an address that is not 127.0.0.1 is used with --foreign alone, and guarded', async () => {
  const bootstrap = await forward(far as string, await embedded())
  await expect(openCluster(bootstrap)).rejects.toThrow(`${far} is another machine`)
  expect(await openCluster(bootstrap, { foreign: true })).toMatchObject({ guarded: true })
})
