import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { encodeFrame, readFrames } from './frames.ts'
import { BOX, FIRST_CONNECTION, type FromPorter, type ToPorter } from './porter-messages.ts'

/**
 * The first process of a container that an answer runs in: entry point `porter.mjs`, handed to Node as text. It starts the child
 * and carries its pipes, and its connections to the broker, through the one pipe that leads out. When that pipe closes
 * it ends, and the container with it. It protects nothing: the answer has the same user, and may do with it what it likes.
 */
const writables = new Map<number, Writable>()
const servers = new Map<number, Promise<Server>>()
const flows: Promise<void>[] = []
let connections = FIRST_CONNECTION
let child: ChildProcess | null = null
/** Messages are obeyed one after the other: a port is open before the child hears of it. */
let obeyed: Promise<void> = Promise.resolve()

readFrames(process.stdin, {
  onMessage: (message) => {
    obeyed = obeyed.then(() => obey(message as ToPorter))
  },
  onBroken: () => process.exit(1),
})
process.stdin.on('close', () => process.exit(0))
process.stdout.on('error', () => process.exit(0))

async function obey(message: ToPorter): Promise<void> {
  switch (message.kind) {
    case 'file':
      writeFileSync(`${BOX}/${message.name}`, message.bytes)
      return
    case 'start':
      start(message.args, message.env)
      return
    case 'ports':
      await openPorts(new Set(message.ports))
      return
    case 'data':
      writables.get(message.channel)?.write(message.bytes)
      return
    case 'end':
      writables.get(message.channel)?.end()
      return
    case 'kill':
      if (!child?.kill('SIGKILL')) process.exit(0)
  }
}

function start(args: string[], env: Record<string, string>): void {
  mkdirSync(`${BOX}/work`)
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'] as const
  const started = spawn(process.execPath, args, { cwd: `${BOX}/work`, env, stdio: [...stdio] })
  child = started
  for (const [channel, pipe] of started.stdio.entries()) {
    if (!pipe) continue
    pipe.on('error', () => {})
    writables.set(channel, pipe as Writable)
    flows.push(carryOut(channel, pipe as Readable))
  }
  started.on('error', () => process.exit(1))
  // What the answer has started may hold the pipes open. Only as the first process of a container are all others its own.
  started.on('exit', () => {
    if (process.pid === 1) endAllOthers()
  })
  started.on('close', async (code, signal) => {
    await Promise.all(flows)
    send({ kind: 'exit', code, signal })
    process.stdout.end(() => process.exit(0))
  })
}

function endAllOthers(): void {
  try {
    process.kill(-1, 'SIGKILL')
  } catch {
    // ESRCH: there are none.
  }
}

async function openPorts(ports: Set<number>): Promise<void> {
  for (const [port, server] of servers) {
    if (ports.has(port)) continue
    servers.delete(port)
    ;(await server).close()
  }
  for (const port of ports) if (!servers.has(port)) servers.set(port, listen(port))
  await Promise.all(servers.values())
}

async function listen(port: number): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    const channel = connections++
    socket.on('error', () => {})
    writables.set(channel, socket)
    send({ kind: 'connect', channel, port })
    const flow = carryOut(channel, socket)
    flows.push(flow)
    void flow.then(() => writables.delete(channel))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening').catch(() => {})
  return server
}

/** Sends what a stream gives, as fast as it is taken, and then that it has ended. */
async function carryOut(channel: number, stream: Readable): Promise<void> {
  try {
    for await (const bytes of stream) {
      if (!send({ kind: 'data', channel, bytes: bytes as Uint8Array })) await once(process.stdout, 'drain')
    }
  } catch {
    // A connection that was reset has ended, too.
  }
  send({ kind: 'end', channel })
}

function send(message: FromPorter): boolean {
  return process.stdout.write(encodeFrame(message))
}
