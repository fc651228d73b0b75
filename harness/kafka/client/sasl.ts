import { SaslHandshake } from '../protocol/api/17-sasl-handshake.ts'
import { SaslAuthenticate } from '../protocol/api/36-sasl-authenticate.ts'
import { type Api, readResponse, writeRequest } from '../protocol/api.ts'
import { BrokerError, throwOnError } from './broker-error.ts'
import { plain } from './sasl-plain.ts'
import { scram } from './sasl-scram.ts'
import type { Credentials } from './security.ts'

/** A connection on which nothing was said yet. */
export interface FreshConnection {
  write(frame: Buffer): void
  /** Whole frames, as they come. */
  answers: AsyncGenerator<Buffer>
}

/**
 * Logs in on a fresh connection: SaslHandshake 1, then the tokens of the mechanism in SaslAuthenticate (KIP-43, KIP-152). Rejects
 * with BrokerError when the broker does not take the mechanism or the password, or does not know the password itself.
 */
export async function logIn(connection: FreshConnection, credentials: Credentials): Promise<void> {
  const { mechanism, username } = credentials
  const { errorCode, mechanisms } = await ask(connection, SaslHandshake, 1, { mechanism })
  const offered = mechanisms.length > 0 ? `the broker takes ${mechanisms.join(', ')}` : null
  throwOnError(errorCode, `logging in with ${mechanism}`, offered)
  const tokens = mechanism === 'PLAIN' ? plain(credentials) : scram(credentials)
  let token = await tokens.next(Buffer.alloc(0))
  while (!token.done) {
    const answer = await ask(connection, SaslAuthenticate, 0, { authBytes: token.value })
    throwOnError(answer.errorCode, `logging in as ${username} with ${mechanism}`, answer.errorMessage)
    token = await tokens.next(answer.authBytes)
  }
}

async function ask<Request, Response>(
  { write, answers }: FreshConnection,
  api: Api<Request, Response>,
  apiVersion: number,
  body: NoInfer<Request>,
): Promise<Response> {
  write(writeRequest(api, { apiVersion, correlationId: 0, clientId: 'workbook' }, body))
  const { value, done } = await answers.next()
  if (done) throw new BrokerError(`the broker closed the connection at ${api.name}`)
  return readResponse(api, apiVersion, value.subarray(4)).body
}
