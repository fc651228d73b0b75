import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type Acks,
  type Cluster,
  canAck,
  type ReplEvent,
  step,
} from '../../../solutions/19-replication/replication.ts'
import { topicView, untilServed } from '../../check/topic-view.ts'
import { type Client, connect } from '../../kafka/client/client.ts'
import { Produce } from '../../kafka/protocol/api/00-produce.ts'
import { CreateTopics } from '../../kafka/protocol/api/19-create-topics.ts'
import { errorName } from '../../kafka/protocol/error-codes.ts'
import { writeBatch } from '../../kafka/protocol/record-batch.ts'
import { kafkaTools } from '../kafka/clients/kafka-tools.ts'
import { freshName } from '../kafka/test-broker.ts'
import { haveRealNodes, type RealNodes, startRealNodes } from './real-nodes.ts'

/*
 * The stories of exercise 19 on real Kafka: three brokers and a controller. A broker fails by being frozen. After each step
 * Kafka has the leader, the ISR and the readable records that the exercise's solution has.
 */

const LAG_MS = 2000
/** How long a leader holds a follower's fetch when there is nothing new. */
const FETCH_WAIT_MS = 50
const SETTINGS = {
  'replica.fetch.wait.max.ms': String(FETCH_WAIT_MS),
  'replica.lag.time.max.ms': String(LAG_MS),
  'broker.session.timeout.ms': '6000',
  'broker.heartbeat.interval.ms': '500',
  'auto.leader.rebalance.enable': 'false',
  'unclean.leader.election.interval.ms': '1000',
}
/** Four nodes on a machine that is busy take their time. */
const START = { timeout: 120_000, interval: 100 }
const POLL = { timeout: 40_000, interval: 100 }

describe.skipIf(!haveRealNodes())('three brokers do what exercise 19 says', { timeout: 180_000 }, () => {
  let cluster: RealNodes
  const clients = new Map<number, Client>()

  beforeAll(async () => {
    cluster = await startRealNodes(3, SETTINGS)
    for (const { id, address } of cluster.nodes) {
      const client = await vi.waitFor(() => connect(address, { timeoutMs: 20_000 }), START)
      clients.set(id, client)
      await vi.waitFor(async () => expect((await client.metadata([])).brokers.length).toBe(3), START)
    }
  }, 240_000)

  // One story that fails leaves no broker frozen for the next.
  afterEach(() => {
    for (const node of cluster.nodes) node.thaw()
  })

  afterAll(async () => {
    for (const client of clients.values()) client.close()
    await cluster.close()
  })

  /** A new partition, with the solution's idea of it beside the real one. */
  async function partition(replicas: number[], config: Record<string, string> = {}) {
    const name = freshName()
    const configs = Object.entries({ 'min.insync.replicas': '2', ...config }).map(([key, value]) => ({
      name: key,
      value,
    }))
    const assignments = [{ partitionIndex: 0, brokerIds: replicas }]
    const topics = [{ name, numPartitions: -1, replicationFactor: -1, assignments, configs }]
    const first = clients.get(1) as Client
    await first.request(
      CreateTopics,
      'highest',
      { topics, timeoutMs: 10_000, validateOnly: false },
      'controller',
    )
    await untilServed(first, name)
    let model: Cluster = {
      replicas,
      minInsyncReplicas: Number(config['min.insync.replicas'] ?? 2),
      replicaLagTimeMaxMs: LAG_MS,
      uncleanLeaderElection: config['unclean.leader.election.enable'] === 'true',
      now: 0,
      brokers: Object.fromEntries(replicas.map((id) => [id, { alive: true, log: [], caughtUpAt: 0 }])),
      leader: replicas[0] ?? null,
      isr: replicas,
      elr: [],
      highWatermark: 0,
      underReplicated: false,
    }

    const isAlive = (id: number) => model.brokers[id]?.alive ?? true
    const aliveClient = () => clients.get([1, 2, 3].find(isAlive) ?? 1) as Client

    function happens(...events: ReplEvent[]): void {
      model = events.reduce(step, model)
    }

    /** What followers do all the time. */
    const everybodyFetches = () =>
      happens(...replicas.map((broker): ReplEvent => ({ type: 'fetch', broker })))

    /** Leader and ISR as a broker that is alive tells them, and what can be read. */
    async function real() {
      const topic = (await aliveClient().metadata([name])).topics[0]?.partitions[0]
      const leader = topic?.leaderId ?? -1
      const isThere = leader !== -1 && isAlive(leader)
      const records = !isThere ? [] : await topicView(aliveClient(), name).records()
      return {
        leader: leader === -1 ? null : leader,
        isr: (topic?.isrNodes ?? []).toSorted((a, b) => a - b),
        readable: records.map(({ value }) => value),
      }
    }

    function expected() {
      const log = model.leader === null ? [] : (model.brokers[model.leader]?.log ?? [])
      const isr = model.isr.toSorted((a, b) => a - b)
      return { leader: model.leader, isr, readable: log.slice(0, model.highWatermark) }
    }

    const agrees = (moment: string) => expect.poll(real, { ...POLL, message: moment }).toEqual(expected())

    return {
      name,
      agrees,
      happens,
      model: () => model,
      async fails(broker: number) {
        cluster.nodes[broker - 1]?.freeze()
        happens({ type: 'fail', broker })
        everybodyFetches()
        await agrees(`broker ${broker} fails`)
      },
      async comesBack(broker: number) {
        cluster.nodes[broker - 1]?.thaw()
        happens({ type: 'return', broker })
        everybodyFetches()
        await agrees(`broker ${broker} comes back`)
      },
      /** Writes, and looks that the producer gets the answer that `canAck` lets expect. */
      async write(record: string, acks: Acks) {
        const allowed = canAck(model, acks)
        const error = await send(record, acks)
        expect(error).toBe('error' in allowed ? allowed.error : 'NONE')
        happens({ type: 'write', record, acks })
        everybodyFetches()
        await agrees(`${record} with acks=${acks}`)
      },
      send,
      /** The ELR as Kafka's own tool shows it. */
      async eligible(): Promise<number[]> {
        const address = cluster.nodes.find(({ id }) => isAlive(id))?.address ?? ''
        const shown = await kafkaTools(address).run('kafka-topics', ['--describe', '--topic', name])
        const [, ids = ''] = /\bElr: ?([\d,]*)/.exec(shown) ?? []
        return ids === ''
          ? []
          : ids
              .split(',')
              .map(Number)
              .toSorted((a, b) => a - b)
      },
    }

    async function send(record: string, acks: Acks): Promise<string> {
      const batch = writeBatch({
        records: [{ timestamp: BigInt(Date.now()), key: null, value: Buffer.from(record), headers: [] }],
      })
      const topicData = [{ name, partitionData: [{ index: 0, records: batch }] }]
      const body = { transactionalId: null, acks: acks === 'all' ? -1 : acks, timeoutMs: 15_000, topicData }
      const nodeId = model.leader ?? 0
      const { responses } = await aliveClient().request(Produce, 'highest', body, { nodeId })
      return errorName(responses[0]?.partitionResponses[0]?.errorCode ?? -1)
    }
  }

  test('one loss, two losses, three losses, and back', async () => {
    const orders = await partition([1, 2, 3])
    await orders.write('ORD-1', 'all')
    await orders.fails(3)
    await orders.write('ORD-2', 'all')
    await orders.fails(2)
    expect(await orders.eligible()).toEqual(orders.model().elr)
    await orders.write('ORD-3', 'all')
    await orders.write('ORD-4', 1)
    // A partition without a leader has to be seen by a broker that is alive: broker 3 first, which may not lead.
    cluster.nodes[0]?.freeze()
    orders.happens({ type: 'fail', broker: 1 })
    await orders.comesBack(3)
    expect(orders.model()).toMatchObject({ leader: null, isr: [] })
    expect(await orders.eligible()).toEqual([1, 2])
    await orders.comesBack(2)
    expect(orders.model()).toMatchObject({ leader: 2 })
    await orders.write('ORD-5', 'all')
    await orders.comesBack(1)
    expect(orders.model().brokers[1]?.log).toEqual(['ORD-1', 'ORD-2', 'ORD-5'])
    expect(await orders.eligible()).toEqual([])
  })

  test('what only the leader has is lost with it', async () => {
    const orders = await partition([1, 2, 3])
    await orders.write('ORD-1', 'all')
    for (const follower of [2, 3]) cluster.nodes[follower - 1]?.freeze()
    // A fetch that the leader holds when ORD-2 comes is answered with it, and read by the follower when it thaws. Nothing but
    // time shows that no fetch is held any more.
    await setTimeout(10 * FETCH_WAIT_MS)
    expect(await orders.send('ORD-2', 1)).toBe('NONE')
    cluster.nodes[0]?.freeze()
    for (const follower of [2, 3]) cluster.nodes[follower - 1]?.thaw()
    orders.happens({ type: 'write', record: 'ORD-2', acks: 1 }, { type: 'fail', broker: 1 })
    await orders.agrees('the leader fails')
    await orders.write('ORD-3', 'all')
    await orders.comesBack(1)
    expect(orders.model()).toMatchObject({ leader: 2, highWatermark: 2 })
  })

  test('a follower that stands still goes out after the lag time, and producers wait for that', async () => {
    const orders = await partition([1, 2, 3])
    cluster.nodes[2]?.freeze()
    const startedAt = performance.now()
    const answer = orders.send('ORD-1', 'all')
    orders.happens({ type: 'write', record: 'ORD-1', acks: 'all' }, { type: 'fetch', broker: 2 })
    expect(orders.model().isr).toHaveLength(3)
    expect(orders.model().highWatermark).toBe(0)
    expect(await answer).toBe('NONE')
    expect(performance.now() - startedAt).toBeGreaterThan(LAG_MS / 2)
    orders.happens({ type: 'tick', ms: LAG_MS + 1 })
    await orders.agrees('after the lag time')
    await orders.comesBack(3)
  })

  test('an ISR that falls below the floor while a producer waits: an error, and the record is written', async () => {
    const orders = await partition([1, 2, 3])
    await orders.write('ORD-1', 'all')
    for (const follower of [2, 3]) cluster.nodes[follower - 1]?.freeze()
    const answer = orders.send('ORD-2', 'all')
    orders.happens({ type: 'write', record: 'ORD-2', acks: 'all' })
    orders.happens({ type: 'fail', broker: 2 }, { type: 'fail', broker: 3 })
    expect(await answer).toBe('REQUEST_TIMED_OUT')
    await orders.agrees('both followers fail')
    await orders.comesBack(2)
    expect(orders.model()).toMatchObject({ isr: [1, 2], highWatermark: 2 })
  })

  test('the next in line leads, and goes on when the old leader is back', async () => {
    const orders = await partition([2, 3, 1])
    await orders.write('ORD-1', 'all')
    await orders.fails(2)
    expect(orders.model().leader).toBe(3)
    await orders.comesBack(2)
    expect(orders.model().leader).toBe(3)
  })

  test('a minimum of two asks one of a topic with one replica', async () => {
    const orders = await partition([2])
    await orders.write('ORD-1', 'all')
  })

  test('an unclean election loses what was committed', async () => {
    const orders = await partition([1, 2], {
      'min.insync.replicas': '1',
      'unclean.leader.election.enable': 'true',
    })
    await orders.write('ORD-1', 'all')
    await orders.fails(2)
    await orders.write('ORD-2', 'all')
    await orders.fails(1)
    await orders.comesBack(2)
    expect(orders.model()).toMatchObject({ leader: 2, isr: [2], highWatermark: 1 })
    await orders.comesBack(1)
    expect(orders.model().brokers[1]?.log).toEqual(['ORD-1'])
  })
})
