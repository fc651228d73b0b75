import { once } from 'node:events'
import net from 'node:net'
import { vi } from 'vitest'
import { parseAddress } from '../../../kafka/client/address.ts'
import { Metadata } from '../../../kafka/protocol/api/03-metadata.ts'
import { Heartbeat } from '../../../kafka/protocol/api/12-heartbeat.ts'
import { type AnyApi, writeRequest } from '../../../kafka/protocol/api.ts'
import { frames } from '../../../kafka/protocol/frames.ts'
import { type Lane, openWiretap, type Wiretap } from '../../../kafka/wiretap/open.ts'
import { type FakeBroker, fakeBroker, type Script } from '../fake-broker.ts'

/** What the running test has to close, last opened first closed. */
export const open: { close(): Promise<void> }[] = []

/** Closes everything that the functions below opened; for `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const one of open.splice(0).reverse()) await one.close()
}

/** Waits for a condition; the limit is only there to end a hang. */
export function until(holds: () => void): Promise<void> {
  return vi.waitFor(holds, { timeout: 15_000, interval: 5 })
}

export type Nodes = { nodeId: number; host: string; port: number }[]

/** A broker that knows Metadata, and whatever the script says. */
export async function brokerWith(
  script: Script,
  nodes: Nodes = [{ nodeId: 1, host: 'kafka.invalid', port: 9092 }],
): Promise<FakeBroker> {
  const fake = await fakeBroker((api, request, header) => {
    const answer = script(api, request, header)
    if (answer !== null || api?.key !== Metadata.key) return answer
    return { ...Metadata.response.absent, brokers: nodes.map((node) => ({ ...node, rack: null })) }
  })
  open.push(fake)
  return fake
}

export async function laneTo(fake: FakeBroker): Promise<{ wiretap: Wiretap; lane: Lane }> {
  const wiretap = await openWiretap({ bootstrap: fake.bootstrap })
  open.push(wiretap)
  fake.received.length = 0
  return { wiretap, lane: await wiretap.lane('test') }
}

/** A client that writes raw bytes. */
export async function dial(
  address: string,
): Promise<{ socket: net.Socket; next(): Promise<Buffer | undefined> }> {
  const socket = net.connect(parseAddress(address))
  await once(socket, 'connect')
  const incoming = frames(socket)
  const next = async () => {
    const frame = await incoming.next().catch(() => undefined)
    return (frame?.value as Buffer | undefined) ?? undefined
  }
  return { socket, next }
}

export function request(api: AnyApi, apiVersion: number, correlationId: number, body: unknown): Buffer {
  return writeRequest(api, { apiVersion, correlationId, clientId: 'raw' }, body)
}

export const beat = { groupId: 'g', generationId: 1, memberId: 'm', groupInstanceId: null }
export const alive: Script = (api) =>
  api?.key === Heartbeat.key ? { throttleTimeMs: 0, errorCode: 0 } : null
