import type { Address } from '../../kafka/client/address.ts'
import type { ClusterMetadata } from '../../kafka/client/client.ts'
import { ListOffsets } from '../../kafka/protocol/api/02-list-offsets.ts'
import { Metadata } from '../../kafka/protocol/api/03-metadata.ts'
import { CreateTopics } from '../../kafka/protocol/api/19-create-topics.ts'
import type { RequestOf } from '../../kafka/protocol/api.ts'
import { Peer } from './peer.ts'
import { configs, listOffset, metadata, newTopic } from './requests.ts'
import type { Transcript } from './transcript.ts'

/** What a sequence gets: connections to the broker, and names of its own. */
export interface Scene {
  /** A connection to the first node, for whoever needs only one. */
  peer: Peer
  /** Another connection, to the node with this number, counted from 1. */
  connect(options?: { node?: number; clientId?: string }): Promise<Peer>
  /** A name for a topic, a group or a transactional id that no other sequence uses. */
  name(label: string): string
  /** A time of the sequence's own, in milliseconds since 1970: `plus` milliseconds after its start. */
  time(plus: number): bigint
  /** Writes a fact into the transcript that is not an answer. */
  note(words: string, value: unknown): void
  /** Stops a node of the cluster for good: other sequences must not need it. */
  stopNode(id: number): Promise<void>
  /** A topic that is ready for use; returns its name. */
  topic(label: string, given?: NewTopic): Promise<string>
}

interface NewTopic {
  partitions?: number
  configs?: Record<string, string>
  /** The nodes of each partition, the leader first; in place of the counts. */
  placed?: number[][]
}

export interface SceneOptions {
  /** Nodes in the order of their ids. */
  addresses: readonly Address[]
  timeoutMs: number
  /** What all names of the sequence begin with. */
  prefix: string
  startMs: number
  transcript: Transcript
  stopNode(id: number): Promise<void>
}

/** The scene of one sequence, and the end of all its connections. */
export async function openScene(options: SceneOptions): Promise<{ scene: Scene; close(): void }> {
  const { addresses, timeoutMs, prefix, transcript } = options
  const peers: Peer[] = []

  async function connect({ node = 1, clientId = 'parity' } = {}): Promise<Peer> {
    const address = addresses[node - 1]
    if (!address) throw new Error(`there is no node ${node}`)
    const peer = await Peer.open({ address, clientId, timeoutMs, transcript, ownRows: ownRows(prefix) })
    peers.push(peer)
    return peer
  }

  const peer = await connect()
  const name = (label: string) => `${prefix}${label}`

  async function topic(label: string, given: NewTopic = {}): Promise<string> {
    const { partitions = 1, placed } = given
    const assignments = placed?.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })) ?? []
    const wanted = newTopic(name(label), {
      numPartitions: placed ? -1 : partitions,
      replicationFactor: placed ? -1 : 1,
      assignments,
      configs: configs(given.configs ?? {}),
    })
    const body = { topics: [wanted], timeoutMs: 10_000, validateOnly: false }
    const { topics } = await peer.quietly(CreateTopics, 4, body)
    if (topics[0]?.errorCode !== 0)
      throw new Error(`${wanted.name} was not created: ${topics[0]?.errorMessage}`)
    // A real broker hears of a new topic a moment after the controller has made it, and opens its logs later still.
    const leaders = placed?.map(([leader]) => leader) ?? Array.from({ length: partitions }, () => 1)
    for (const [index, leader] of leaders.entries()) await untilServed(wanted.name, index, leader)
    const isKnown = (answer: ClusterMetadata) => answer.topics[0]?.errorCode === 0
    await peer.quietlyUntil(Metadata, 8, metadata([wanted.name]), isKnown)
    return wanted.name
  }

  async function untilServed(topicName: string, index: number, node = 1): Promise<void> {
    const leader = node === 1 ? peer : await connect({ node })
    const body: RequestOf<typeof ListOffsets> = listOffset(topicName, -1n, { partitionIndex: index })
    await leader.quietlyUntil(ListOffsets, 5, body, ({ topics }) => topics[0]?.partitions[0]?.errorCode === 0)
  }

  return {
    scene: {
      peer,
      connect,
      name,
      time: (plus) => BigInt(options.startMs + plus),
      note: (words, value) => transcript.open(words).close(value),
      stopNode: options.stopNode,
      topic,
    },
    close() {
      for (const one of peers) one.close()
    },
  }
}

/** Leaves out the topics and groups of other sequences, and nothing else. */
function ownRows(prefix: string): (answer: unknown) => unknown {
  const isOwn = (row: { name?: string; groupId?: string }) =>
    (row.name ?? row.groupId ?? '').startsWith(prefix)
  return (answer) =>
    Object.fromEntries(
      Object.entries(answer as object).map(([field, value]) => [
        field,
        field === 'topics' || field === 'groups' ? value.filter(isOwn) : value,
      ]),
    )
}
