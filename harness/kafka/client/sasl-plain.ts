import type { Credentials } from './security.ts'

/** SASL PLAIN (RFC 4616): one message, no authorization id, then the name and the password as they are. */
export async function* plain({ username, password }: Credentials): AsyncGenerator<Buffer, void, Buffer> {
  yield Buffer.from(`\0${username}\0${password}`, 'utf8')
}
