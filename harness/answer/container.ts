import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import path from 'node:path'
import { Duplex, type Writable } from 'node:stream'
import { COMMAND_FD, MEMORY_LIMIT_BYTES, REPORT_FD, WATCHDOG_FD } from './child-messages.ts'
import type { Confined, ConfinedSettings, Exit, Loopback } from './confined.ts'
import { childEnvironment } from './environment.ts'
import { encodeFrame, readFrames } from './frames.ts'
import { BOX, FIRST_CONNECTION, type FromPorter, readFromPorter, type ToPorter } from './porter-messages.ts'

/** The image that answers run in: Node of this very version, and nothing else is used of it. */
export const NODE_IMAGE = `node:${process.versions.node}-slim`

/** Nobody, in every image. */
const USER = '65534:65534'
/** Threads count; a Node has about ten, and there are two of them. */
const MOST_PROCESSES = 128
/** The watchdog speaks at its limit; what is above belongs to the porter and the box. */
const MEMORY_BYTES = MEMORY_LIMIT_BYTES + 256 * 1024 * 1024
const BOX_BYTES = 64 * 1024 * 1024
const MOST_CONNECTIONS = 256
const MOST_WAITING_BYTES = 64 * 1024 * 1024
/** How long the porter may take to end its container before the engine is told to. */
const LEAVE_MS = 1000

/** A container keeps its copy of kafkajs in the box. */
export function kafkajsInContainer(kafkajs: string): string {
  return `${BOX}/${path.basename(kafkajs)}`
}

/**
 * Starts a child in a container of its own: no network, no file of this machine, a read-only root, no privileges, limited
 * memory, processor and number of processes. Everything that goes in or out goes through one pipe, the porter's. The
 * engine is the one that the `docker` command line finds.
 */
export function startInContainer(settings: ConfinedSettings): Confined {
  const { childFile, kafkajs, environment } = settings
  const network = settings.loopback ? `container:${settings.loopback.container}` : 'none'
  const container = new Container(path.join(path.dirname(childFile), 'porter.mjs'), network)
  for (const file of [childFile, ...filesOfKafkajs(kafkajs)]) container.put(file)
  container.send({
    kind: 'start',
    args: [...settings.flags, `${BOX}/${path.basename(childFile)}`],
    env: childEnvironment(environment, 'container') as Record<string, string>,
  })
  return {
    pid: container.pid,
    commands: container.channel(COMMAND_FD),
    reports: container.channel(REPORT_FD),
    watchdog: container.channel(WATCHDOG_FD),
    stdout: container.channel(1),
    stderr: container.channel(2),
    watched: true,
    debuggable: false,
    stage: (bundleFile) => {
      container.put(`${bundleFile}.map`)
      return container.put(bundleFile)
    },
    openPorts: (ports) => container.openPorts(ports),
    kill: () => container.kill(),
    gone: container.gone,
  }
}

/** Starts the container that holds a loopback; it ends with this process. Rejects when the engine does not start it. */
export function openLoopback(): Promise<Loopback> {
  const container = newName()
  const wait = ['--eval', 'process.stdout.write("ready"); process.stdin.resume()']
  const docker = spawn('docker', [...runArguments(container, 'none'), ...wait], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  return new Promise((resolve, reject) => {
    docker.on('error', reject)
    docker.on('exit', (code) => reject(new Error(`The engine did not start a container (${code}).`)))
    docker.stdout.once('data', () => resolve({ container, close: () => void docker.stdin.end() }))
  })
}

function newName(): string {
  return `workbook-answer-${randomBytes(8).toString('hex')}`
}

/** The loader and the text that it loads; not its cache, which programs of this machine can write. */
function filesOfKafkajs(kafkajs: string): string[] {
  const folder = path.dirname(kafkajs)
  const code = readdirSync(folder).filter((name) => name === 'kafkajs-code.js')
  return [kafkajs, ...code.map((name) => path.join(folder, name))]
}

/** The keeper's end of one container. */
class Container {
  readonly gone: Promise<Exit>
  private readonly name = newName()
  private readonly docker: ChildProcess
  private readonly channels = new Map<number, Channel>()
  private readonly sockets = new Set<Socket>()
  private ports = new Set<number>()
  private exit: Exit | null = null
  private killing = false

  constructor(porterFile: string, network: string) {
    const porter = ['--input-type=module', '--eval', readFileSync(porterFile, 'utf8')]
    this.docker = spawn('docker', [...runArguments(this.name, network), ...porter], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    this.docker.stdin?.on('error', () => {})
    const onMessage = (message: unknown) => {
      const known = readFromPorter(message)
      if (known) this.hear(known)
      else this.kill()
    }
    if (this.docker.stdout) readFrames(this.docker.stdout, { onMessage, onBroken: () => this.kill() })
    this.gone = this.ended()
  }

  get pid(): number {
    return this.docker.pid ?? 0
  }

  send(message: ToPorter, done?: () => void): void {
    this.docker.stdin?.write(encodeFrame(message), () => done?.())
  }

  /** Puts a file into the box; returns its path in there. */
  put(file: string): string {
    const name = path.basename(file)
    this.send({ kind: 'file', name, bytes: readFileSync(file) })
    return `${BOX}/${name}`
  }

  channel(number: number): Duplex {
    const channel = new Channel(
      (bytes, done) => this.send({ kind: 'data', channel: number, bytes }, done),
      () => this.send({ kind: 'end', channel: number }),
    )
    // Bytes after the end, from a porter that is none: they end the stream, and nothing else.
    channel.on('error', () => {})
    this.channels.set(number, channel)
    return channel
  }

  openPorts(ports: number[]): void {
    this.ports = new Set(ports)
    this.send({ kind: 'ports', ports })
  }

  /** The porter ends at once, and all others with it. An answer that has taken the porter over is ended by the engine. */
  kill(): void {
    if (this.killing) return
    this.killing = true
    this.send({ kind: 'kill' })
    const insist = setTimeout(() => this.remove(), LEAVE_MS)
    void this.gone.then(() => clearTimeout(insist))
  }

  private remove(): void {
    const options = { stdio: 'ignore', windowsHide: true } as const
    spawn('docker', ['rm', '--force', this.name], options).on('error', () => {})
  }

  private hear(message: FromPorter): void {
    switch (message.kind) {
      case 'connect':
        this.connect(message.channel, message.port)
        return
      case 'data':
        this.take(message.channel, message.bytes)
        return
      case 'end':
        this.channels.get(message.channel)?.push(null)
        return
      case 'exit':
        this.exit ??= message
        this.docker.stdin?.end()
    }
  }

  /** Bytes for a stream of ours. An answer that sends faster than they are taken would fill the keeper's memory. */
  private take(number: number, bytes: Uint8Array): void {
    const channel = this.channels.get(number)
    channel?.push(bytes)
    if (channel && channel.readableLength > MOST_WAITING_BYTES) this.kill()
  }

  /** Connects a channel to a port that was opened; for every other port the connection ends. */
  private connect(number: number, port: number): void {
    if (number < FIRST_CONNECTION || this.channels.has(number)) {
      this.kill()
      return
    }
    if (!this.ports.has(port) || this.sockets.size >= MOST_CONNECTIONS) {
      this.send({ kind: 'end', channel: number })
      return
    }
    const channel = this.channel(number)
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      this.sockets.delete(socket)
      this.channels.delete(number)
      channel.end()
    })
    // A channel that breaks never ends, and its connection would stay open.
    channel.on('error', () => socket.destroy())
    channel.pipe(socket)
    socket.pipe(channel as Writable, { end: false })
  }

  /** Waits for the end of the docker command: its container is gone by then, and all that came out of it has been read. */
  private async ended(): Promise<Exit> {
    const end = await new Promise<Exit>((resolve) => {
      this.docker.on('error', () => resolve({ code: null, signal: null }))
      this.docker.on('close', (code, signal) => resolve({ code, signal }))
    })
    for (const channel of this.channels.values()) channel.push(null)
    const left = [...this.sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)))
    await Promise.all(left)
    return this.exit ?? end
  }
}

/** One of the streams that share the pipe. */
class Channel extends Duplex {
  private readonly out: (bytes: Uint8Array, done: () => void) => void
  private readonly finish: () => void

  constructor(out: (bytes: Uint8Array, done: () => void) => void, finish: () => void) {
    super()
    this.out = out
    this.finish = finish
  }

  /** What comes is pushed when it comes: whoever reads these streams reads at once. */
  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.out(bytes, done)
  }

  override _final(done: () => void): void {
    this.finish()
    done()
  }
}

function runArguments(name: string, network: string): string[] {
  return [
    ...[
      'run',
      '--rm',
      '--interactive',
      '--name',
      name,
      '--label',
      'kafka-workbook.answer',
      '--pull',
      'never',
    ],
    ...['--network', network, '--ipc', 'none', '--read-only', '--user', USER, '--workdir', '/'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--memory', String(MEMORY_BYTES), '--memory-swap', String(MEMORY_BYTES), '--cpus', '1'],
    ...['--pids-limit', String(MOST_PROCESSES), '--ulimit', 'core=0', '--ulimit', 'nofile=1024'],
    ...['--tmpfs', `${BOX}:rw,noexec,nosuid,nodev,size=${BOX_BYTES},mode=1777`],
    // The engine would keep all output on its disk.
    ...['--log-driver', 'none', '--entrypoint', 'node', NODE_IMAGE],
  ]
}
