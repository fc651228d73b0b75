import type { Socket } from 'node:net'
import { WorkbookError } from '../../errors.ts'
import { freePort } from '../../free-port.ts'
import { type Clock, systemClock } from './clock.ts'
import { closableClock } from './closable-clock.ts'
import type { Settings } from './config-definition.ts'
import { serve } from './connection.ts'
import { fenceNode, unfenceNode } from './failover.ts'
import type { Handler } from './handler.ts'
import { HANDLERS } from './handlers.ts'
import { checkRequestSize, planTopic } from './new-topic.ts'
import type { ClusterNode } from './nodes.ts'
import { type Listener, listen } from './server.ts'
import { createState, type State } from './state.ts'

export interface EmbeddedBroker {
  /** `127.0.0.1:41234`, or all nodes with commas between them. */
  bootstrap: string
  /** For tests: what the broker remembers. */
  state: State
  /** Stops one node: its connections are cut, and after `failoverDelayMs` others lead in its place. */
  stop(nodeId: number): Promise<void>
  /** Starts a node that was stopped, on the same port. Throws WorkbookError when that is taken. */
  start(nodeId: number): Promise<void>
  /** Deletes now what retention does not keep any longer; by itself it happens within a second. */
  applyRetention(): void
  /** Compacts now all closed segments of compacted topics, however little in them is dirty. */
  compact(): void
  /** Ends the listeners, all connections and all timers. */
  close(): Promise<void>
}

/** A topic that is there from the start. What is left out is the broker's default. */
export interface FirstTopic {
  name: string
  partitions?: number
  /** How many nodes keep each partition. */
  replicas?: number
}

export interface EmbeddedOptions {
  /** How many nodes, 1 (the default) to 5; they share one state. */
  nodes?: number
  /** The id of the first node, 1 by default; the others count on. */
  firstId?: number
  /** One for each node; 0, the default, takes a free port. */
  ports?: readonly number[]
  /** The address to listen on; 127.0.0.1 by default. */
  host?: string
  /** The host that clients are told, where it is not the one to listen on. */
  advertisedHost?: string
  /** What time it is, and what happens when it has passed; the system's by default. */
  clock?: Clock
  /** Broker settings by Kafka's property names; `settings.ts` has the defaults, and where they are not Kafka's. */
  settings?: Settings
  /** None by default; `auto.create.topics.enable` makes others when they are asked for. */
  topics?: readonly FirstTopic[]
  /** How long a stopped node is still taken for alive, 0 by default; Kafka waits 9 s (`broker.session.timeout.ms`). */
  failoverDelayMs?: number
  /** What is served in place of HANDLERS: a changed broker shows whether a test can fail. */
  handlers?: readonly Handler[]
  /** Hears of errors in the broker itself; they go to standard error by default. */
  onBug?: (error: unknown) => void
}

const MAX_NODES = 5

/**
 * Starts a Kafka-compatible broker in this process; it keeps everything in memory. Throws WorkbookError when a port is
 * taken, an Error on a setting that it does not have, and a Refusal of a topic, in Kafka's words.
 */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedBroker> {
  const { nodes = 1, firstId = 1, ports = [], host = '127.0.0.1', advertisedHost = host } = options
  const { settings = {}, topics = [], failoverDelayMs = 0, onBug = reportBug } = options
  const handlers = new Map((options.handlers ?? HANDLERS).map((one) => [one.api.key, one]))
  checkSize(nodes)
  const clock = closableClock(options.clock ?? systemClock)
  const state = createState({ clock, settings })
  const running = new Map<number, Listener>()
  const fencing = new Map<number, () => void>()

  for (let index = 0; index < nodes; index++) {
    // A node among several may be stopped, and wants its port back when it is started.
    const port = ports[index] ?? (nodes > 1 ? await freePort() : 0)
    state.nodes.register({ id: firstId + index, host: advertisedHost, port })
  }

  async function open(node: ClusterNode): Promise<void> {
    const limits = {
      inAll: Number(state.settings['max.connections']),
      perIp: Number(state.settings['max.connections.per.ip']),
    }
    const listener = await listen(host, node.port, limits, (socket: Socket) => {
      const clientHost = socket.remoteAddress ?? host
      void serve(socket, { state, nodeId: node.id, clientHost, handlers, onBug })
    })
    running.set(node.id, listener)
    node.port = listener.port
  }

  /** The controller notices now. */
  function fence(nodeId: number): void {
    fencing.get(nodeId)?.()
    fencing.delete(nodeId)
    fenceNode(state, nodeId)
  }

  async function stop(nodeId: number): Promise<void> {
    const listener = running.get(nodeId)
    if (!listener) throw new Error(`Node ${nodeId} is not running.`)
    running.delete(nodeId)
    if (failoverDelayMs > 0)
      fencing.set(
        nodeId,
        clock.after(failoverDelayMs, () => fence(nodeId)),
      )
    else fence(nodeId)
    await listener.close()
  }

  async function start(nodeId: number): Promise<void> {
    const node = state.nodes.find(nodeId)
    if (!node || running.has(nodeId)) throw new Error(`Node ${nodeId} is not stopped.`)
    await open(node)
    // Whoever comes back before the controller has missed it is taken for a new one, too.
    if (fencing.has(nodeId)) fence(nodeId)
    unfenceNode(state, nodeId)
  }

  async function close(): Promise<void> {
    await Promise.all([...running.values()].map((listener) => listener.close()))
    clock.close()
  }

  try {
    createTopics(state, topics)
    for (const node of state.nodes.active) await open(node)
  } catch (error) {
    await close()
    throw error
  }
  const bootstrap = state.nodes.active.map(({ port }) => `${advertisedHost}:${port}`).join(',')
  const { logManager } = state
  return {
    bootstrap,
    state,
    stop,
    start,
    applyRetention: () => logManager.applyRetention(),
    compact: () => logManager.compact(),
    close,
  }
}

/** As one CreateTopics request would. */
function createTopics(state: State, topics: readonly FirstTopic[]): void {
  const wanted = topics.map(({ name, partitions = -1, replicas = -1 }) => {
    return { name, numPartitions: partitions, replicationFactor: replicas, assignments: [], configs: [] }
  })
  checkRequestSize(state, wanted)
  for (const topic of wanted) state.topics.create(planTopic(state, topic))
}

function checkSize(nodes: number): void {
  if (Number.isInteger(nodes) && nodes >= 1 && nodes <= MAX_NODES) return
  throw new WorkbookError(
    `A cluster here has 1 to ${MAX_NODES} nodes, not ${nodes}.`,
    'Three show everything.',
  )
}

function reportBug(error: unknown): void {
  console.error('The embedded broker failed to serve a request:', error)
}
