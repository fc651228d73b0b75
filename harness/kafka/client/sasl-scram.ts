import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { BrokerError } from './broker-error.ts'
import type { Credentials } from './security.ts'

const derive = promisify(pbkdf2)

/** Fewer are refused (Kafka's ScramMechanism), and more than this would only keep the processor busy. */
const FEWEST_ITERATIONS = 4096
const MOST_ITERATIONS = 1_000_000

/** `n,,` of the first message in base64: no channel binding, no authorization id. */
const NO_BINDING = 'biws'

/**
 * SCRAM (RFC 5802; RFC 7677 for SHA-256), without channel binding, as Kafka has it: names and passwords are taken as UTF-8
 * without SASLprep. It ends well only when the server has shown that it knows the password, too; else it throws BrokerError.
 */
export async function* scram(
  { mechanism, username, password }: Credentials,
  nonce = randomBytes(24).toString('base64'),
): AsyncGenerator<Buffer, void, Buffer> {
  const digest = mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256'
  const hmac = (key: Buffer, text: string) => createHmac(digest, key).update(text).digest()

  const clientFirst = `n=${saslName(username)},r=${nonce}`
  const serverFirst = (yield Buffer.from(`n,,${clientFirst}`)).toString('utf8')
  const asked = attributes(serverFirst)
  const iterations = Number(asked.get('i'))
  const combined = asked.get('r') ?? ''
  const salt = Buffer.from(asked.get('s') ?? '', 'base64')
  if (!combined.startsWith(nonce) || combined === nonce || salt.length === 0) throw broken()
  if (!(iterations >= FEWEST_ITERATIONS && iterations <= MOST_ITERATIONS)) throw broken()

  const salted = await derive(password, salt, iterations, createHash(digest).digest().length, digest)
  const clientKey = hmac(salted, 'Client Key')
  const storedKey = createHash(digest).update(clientKey).digest()
  const clientFinal = `c=${NO_BINDING},r=${combined}`
  const signed = `${clientFirst},${serverFirst},${clientFinal}`
  const signature = hmac(storedKey, signed)
  const proof = clientKey.map((byte, index) => byte ^ (signature[index] as number))
  const serverFinal = yield Buffer.from(`${clientFinal},p=${Buffer.from(proof).toString('base64')}`)

  const given = Buffer.from(attributes(serverFinal.toString('utf8')).get('v') ?? '', 'base64')
  const expected = hmac(hmac(salted, 'Server Key'), signed)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new BrokerError(
      'the broker could not show that it knows the password, so it may not be the right one',
    )
  }
}

/** A comma and an equals sign have a meaning of their own in a message. */
function saslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C')
}

function attributes(message: string): Map<string, string> {
  return new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]))
}

function broken(): BrokerError {
  return new BrokerError('the broker does not speak SCRAM as RFC 5802 has it')
}
