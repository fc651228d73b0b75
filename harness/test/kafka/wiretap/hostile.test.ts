import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { randomFrom } from '../../../check/random.ts'
import { parseAddress } from '../../../kafka/client/address.ts'
import { type EmbeddedBroker, startEmbedded } from '../../../kafka/embedded/start.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { openWiretap, type Wiretap } from '../../../kafka/wiretap/open.ts'
import { openRequest } from '../../../kafka/wiretap/open-frame.ts'
import { producedRecords } from '../../../kafka/wiretap/produced.ts'
import { strip } from '../../../kafka/wiretap/strip.ts'
import { arbitraryMessages, frameOf, recordedFrames, TOPICS } from '../../../verify/fuzz/messages.ts'
import { nextAttack } from '../../../verify/fuzz/mutations.ts'
import { Neighbour } from '../../../verify/fuzz/neighbour.ts'
import { attackOverTcp } from '../../../verify/fuzz/peers.ts'
import { produceOf } from './exchange.ts'

/* What a broken or hostile answer sends to the wiretap must not reach its judge. */

let broker: EmbeddedBroker
let wiretap: Wiretap
const bugs: unknown[] = []

beforeAll(async () => {
  broker = await startEmbedded({ onBug: (bug) => bugs.push(bug) })
  wiretap = await openWiretap({ bootstrap: broker.bootstrap })
  for (const name of [...TOPICS, 'neighbour']) {
    broker.state.topics.create({ name, replicas: [[1]], configs: new Map() })
  }
})
afterAll(async () => {
  await wiretap.close()
  await broker.close()
})

test('2,000 mutated frames end their own connections; a client on the same lane notices nothing', async () => {
  const lane = await wiretap.lane('one')
  const neighbour = new Neighbour(lane.address)
  await neighbour.open()
  const random = randomFrom(4181, 'wiretap')
  const messages = arbitraryMessages(4181, 3)
  const recorded = recordedFrames(fileURLToPath(new URL('../protocol/recorded/4.3.1.json', import.meta.url)))
  const corpus = { messages, frames: [...messages.map(({ frame }) => frame), ...recorded] }
  const attacks = () => Array.from({ length: random.int(1, 8) }, () => nextAttack(random, corpus))
  for (let round = 0; round < 25; round++) {
    const working = neighbour.roundTrip()
    const connections = Array.from({ length: 18 }, attacks)
    await Promise.all(connections.map((some) => attackOverTcp(parseAddress(lane.address), some)))
    expect(await working).toBeNull()
  }
  await neighbour.close()
  await lane.close()
  expect(bugs).toEqual([])
  expect(wiretap.journal.some(({ unread }) => unread?.startsWith('the connection was closed'))).toBe(true)
  // Whatever was sent can be told.
  expect(strip(wiretap.journal).length).toBeGreaterThan(100)
  expect(producedRecords(wiretap.journal).length).toBeGreaterThanOrEqual(neighbour.sent)
}, 300_000)

test('the journal counts what a request becomes, not only its bytes', () => {
  const topics = Array.from({ length: 100_000 }, () => ({ topicId: '', name: '' }))
  const frame = frameOf(Metadata, 1, { ...Metadata.request.absent, topics })
  expect(frame.length).toBeLessThan(250_000)
  expect(openRequest(frame).heldBytes).toBeGreaterThan(6_000_000)
})

test('of gzip bombs in a journal, only so many are unpacked', () => {
  const value = Buffer.alloc(60 * 1024 * 1024)
  const journal = Array.from({ length: 6 }, () => produceOf([{ value }], 0, { compression: 'gzip' }))
  expect(producedRecords(journal)).toHaveLength(4)
})
