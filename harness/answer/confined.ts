import type { Duplex, Readable, Writable } from 'node:stream'

/** How a child ended. */
export interface Exit {
  code: number | null
  signal: string | null
}

/** What a child is started with. Paths are absolute, and this machine's. */
export interface ConfinedSettings {
  /** The child's own program, in one file; what it needs lies beside it. */
  childFile: string
  /** The file that is kafkajs. */
  kafkajs: string
  /** A folder in which every child gets an empty one of its own to work in. */
  workDir: string
  /** What the child's environment is chosen from. */
  environment: NodeJS.ProcessEnv
  /** Flags for the child's Node. */
  flags: string[]
  /** For containers: whose network they use. */
  loopback: Loopback | null
}

/**
 * A network that consists of 127.0.0.1 alone. The containers of one keeper share it, because the scenes of one answer may
 * speak to each other there, as processes of one machine do.
 */
export interface Loopback {
  /** The container that holds it. */
  container: string
  close(): void
}

/** A child process behind its confinement: what the keeper has in its hands is the same for all of them. */
export interface Confined {
  /** A process of this machine; ending it ends the child. */
  readonly pid: number
  readonly commands: Writable
  readonly reports: Readable
  readonly watchdog: Duplex
  readonly stdout: Readable
  readonly stderr: Readable
  /** True when the child may have a watchdog thread; else the keeper looks at its memory from outside. */
  readonly watched: boolean
  /** True when a debugger may look into it for as long as it wants; else deadlines hold, whatever the child says. */
  readonly debuggable: boolean
  /** Gives the child a bundle with its source map, as this machine has it; returns its path for the child. */
  stage(bundleFile: string): string
  /** Makes these ports of 127.0.0.1, and no others of earlier calls, reachable for the child. */
  openPorts(ports: number[]): void
  /** Ends it with all that it started. */
  kill(): void
  /** Resolves when the process is gone, and its output and what it sent to open ports has arrived. */
  readonly gone: Promise<Exit>
}
