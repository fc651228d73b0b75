import tls from 'node:tls'
import { WorkbookError } from '../errors.ts'
import { type Address, showAddress } from './client/address.ts'
import { BrokerError } from './client/broker-error.ts'
import { Connection, NO_ANSWER } from './client/connection.ts'
import type { Security } from './client/security.ts'
import { SaslHandshake } from './protocol/api/17-sasl-handshake.ts'
import { ApiVersions } from './protocol/api/18-api-versions.ts'

/** Which cluster was tried, and how. */
export interface Attempt {
  address: Address
  security: Security | null
  timeoutMs: number
}

/** Nothing listens there, or nobody answers: no second look tells more. */
const NOT_THERE = ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', NO_ANSWER]

const IN_PROPERTIES = 'in the file of properties'

/**
 * Why a node did not let us in, as one sentence and what to do; null where `error` is all there is to say. Where the error could
 * mean several things, the node is asked once more in another way.
 */
export async function explainRefusal(error: BrokerError, attempt: Attempt): Promise<WorkbookError | null> {
  const { address, security } = attempt
  const name = showAddress(address)
  const code = error.code ?? ''
  if (NOT_THERE.includes(code)) return null
  const login = security?.sasl ? explainLogin(error, name, security.sasl) : null
  if (login) return login
  if (security?.tls === null || security === null) {
    if (await certificateOf(attempt)) return speaksTls(name, security !== null)
    return asksForLogin(attempt)
  }
  if (code.startsWith('ERR_SSL') || /^(ECONNRESET|EPROTO)$/.test(code)) {
    if (await speaksPlain(attempt)) return speaksNoTls(name)
  }
  return (await explainCertificate(code, attempt)) ?? asksForLogin(attempt)
}

function explainLogin(
  { code, message }: BrokerError,
  name: string,
  { mechanism, username }: NonNullable<Security['sasl']>,
): WorkbookError | null {
  switch (code) {
    case 'SASL_AUTHENTICATION_FAILED':
      return new WorkbookError(
        `${name} does not let ${username} in: the user, or the password, is not known there for ${mechanism}.`,
        `Correct username and password of sasl.jaas.config ${IN_PROPERTIES}, or ask whoever runs the cluster for new ones.`,
      )
    case 'UNSUPPORTED_SASL_MECHANISM':
      return new WorkbookError(
        `${name} does not take logins by ${mechanism}.`,
        `${message}\nWrite one of those into sasl.mechanism, with a user of it.`,
      )
    case 'ILLEGAL_SASL_STATE':
      return new WorkbookError(
        `${name} takes no logins, and security.protocol says SASL.`,
        `Name the port of a listener with SASL, or take SASL_ out of security.protocol ${IN_PROPERTIES}.`,
      )
    default:
      return null
  }
}

function speaksTls(name: string, hasLogin: boolean): WorkbookError {
  const protocol = hasLogin ? 'SASL_SSL' : 'SSL (or SASL_SSL)'
  return new WorkbookError(
    `${name} speaks TLS, and was spoken to without.`,
    `Name the cluster by a file of properties with security.protocol=${protocol}: --broker client.properties`,
  )
}

function speaksNoTls(name: string): WorkbookError {
  return new WorkbookError(
    `${name} does not speak TLS, and security.protocol asks for it.`,
    'Name the port of a listener with TLS, or write security.protocol=PLAINTEXT (SASL_PLAINTEXT with a login).',
  )
}

/** A listener with SASL answers ApiVersions, and closes the connection at what comes without a login. */
async function asksForLogin(attempt: Attempt): Promise<WorkbookError | null> {
  const { address, security } = attempt
  if (security?.sasl) return null
  const answer = await once(attempt, (connection) => connection.request(SaslHandshake, 1, { mechanism: '' }))
  if (!answer || answer.mechanisms.length === 0) return null
  return new WorkbookError(
    `${showAddress(address)} wants a login, and none was given.`,
    `It takes ${answer.mechanisms.join(', ')}. Name the cluster by a file of properties with sasl.mechanism and sasl.jaas.config: --broker client.properties`,
  )
}

async function speaksPlain(attempt: Attempt): Promise<boolean> {
  const asked = { ...attempt, security: null }
  const answer = await once(asked, (connection) =>
    connection.request(ApiVersions, 0, ApiVersions.request.absent),
  )
  return answer !== null
}

async function once<T>(
  { address, ...options }: Attempt,
  ask: (connection: Connection) => Promise<T>,
): Promise<T | null> {
  let connection: Connection | undefined
  try {
    connection = await Connection.open(address, options)
    return await ask(connection)
  } catch (error) {
    if (error instanceof BrokerError) return null
    throw error
  } finally {
    connection?.close()
  }
}

const NOT_SIGNED = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]

async function explainCertificate(code: string, attempt: Attempt): Promise<WorkbookError | null> {
  const name = showAddress(attempt.address)
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    const certificate = await certificateOf(attempt)
    const dates = certificate ? ` (it is good from ${certificate.valid_from} to ${certificate.valid_to})` : ''
    return new WorkbookError(
      `The certificate of ${name} ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}${dates}.`,
      `Whoever runs the cluster has to renew it. If the dates are good, this machine's clock is wrong: ${new Date().toISOString()}`,
    )
  }
  if (NOT_SIGNED.includes(code)) {
    return new WorkbookError(
      `The certificate of ${name} is signed by nobody whom ssl.truststore.location trusts.`,
      `Ask whoever runs the cluster for the certificate of its authority, as PEM, and name that file in ssl.truststore.location.`,
    )
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = (await certificateOf(attempt))?.subjectaltname ?? 'none'
    return new WorkbookError(
      `The certificate of ${name} is for other hosts: ${names}.`,
      'Write a host that it names into bootstrap.servers. An empty ssl.endpoint.identification.algorithm= takes any host, and any impostor with a certificate.',
    )
  }
  if (/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNKNOWN_CA|HANDSHAKE_FAILURE/.test(code)) {
    return new WorkbookError(
      `${name} wants a certificate of the client, and did not get one that it trusts.`,
      'Name one, with its key, in ssl.keystore.location (PEM or PKCS12).',
    )
  }
  return null
}

/** What a node shows of itself by TLS, whether anybody trusts it or not; null when it does not speak TLS. */
function certificateOf({ address, timeoutMs }: Attempt): Promise<tls.PeerCertificate | null> {
  return new Promise((resolve) => {
    const socket = tls.connect({ ...address, rejectUnauthorized: false })
    const done = (certificate: tls.PeerCertificate | null) => {
      socket.destroy()
      resolve(certificate)
    }
    socket.setTimeout(timeoutMs, () => done(null))
    socket.on('error', () => done(null))
    socket.on('close', () => done(null))
    socket.once('secureConnect', () => done(socket.getPeerCertificate()))
  })
}
