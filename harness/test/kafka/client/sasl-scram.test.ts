import { expect, test } from 'vitest'
import { scram } from '../../../kafka/client/sasl-scram.ts'

/* The example of RFC 7677, section 3. */
const NONCE = 'rOprNGfwEbeRWgbNEkqO'
const BOTH = `${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0`
const FIRST = `r=${BOTH},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`
const FINAL = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='
const USER = { mechanism: 'SCRAM-SHA-256', username: 'user', password: 'pencil' } as const

function begin(user = USER as Parameters<typeof scram>[0]) {
  const tokens = scram(user, NONCE)
  const answer = async (text: string) => (await tokens.next(Buffer.from(text))).value?.toString()
  return { first: () => answer(''), answer }
}

test('it says what RFC 7677 says, and believes the server that knows the password', async () => {
  const { first, answer } = begin()
  expect(await first()).toBe(`n,,n=user,r=${NONCE}`)
  expect(await answer(FIRST)).toBe(`c=biws,r=${BOTH},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`)
  expect(await answer(FINAL)).toBeUndefined()
})

test('signs of the format are written out in a name', async () => {
  expect(await begin({ ...USER, username: 'a=b,c' }).first()).toBe(`n,,n=a=3Db=2Cc,r=${NONCE}`)
})

test.each([
  ['another nonce', FIRST.replace(BOTH, 'zzzz')],
  ['a nonce without its own part', FIRST.replace(BOTH, NONCE)],
  ['no salt', FIRST.replace(/s=[^,]*/, 's=')],
  ['few iterations', FIRST.replace('4096', '4095')],
  ['iterations for hours', FIRST.replace('4096', '2000000000')],
  ['no numbers', FIRST.replace('4096', 'many')],
  ['an error', 'e=unknown-user'],
])('a server that sends %s is left', async (_, text) => {
  const { first, answer } = begin()
  await first()
  await expect(answer(text)).rejects.toThrow('does not speak SCRAM')
})

test.each([FINAL.replace('6', '7'), 'v=', 'e=other-error'])(
  'a server that answers %s at the end does not know the password',
  async (text) => {
    const { first, answer } = begin()
    await first()
    await answer(FIRST)
    await expect(answer(text)).rejects.toThrow('could not show that it knows the password')
  },
)
