/** What the doctor found about one thing. `note`: all works, and something could be better. */
export interface Finding {
  /** Stable: `node`, `disk`, `port-9092`. */
  id: string
  level: 'fine' | 'note' | 'wrong'
  text: string
  /** What to do about it; absent when there is nothing to do. */
  mend?: string
}

/** What was seen on this machine; harness/run/doctor-facts.ts looks. */
export interface Facts {
  /** `v22.14.0`, and the oldest that is needed: `20.19`. */
  node: { found: string; oldest: string }
  packages: { name: string; wanted: string; found: string | null; optional: boolean }[]
  /** Folders that are written to, and the bytes that are free there; null where that cannot be asked. */
  folders: { use: string; folder: string; freeBytes: number | null; writable: boolean }[]
  /** Why this machine cannot talk to itself on 127.0.0.1, or null when it can. */
  loopback: string | null
  ports: { port: number; use: string; state: PortState }[]
  /** KAFKA_WORKBOOK_BROKER: what is needed for it is not optional. */
  chosenBroker: string | undefined
  /** Null when no container engine answers. */
  engine: { name: string; clockAheadMs: number; image: string; hasImage: boolean } | null
  java: { version: string | null; kafka: { version: string } | { problem: string } | null }
  editor: { settings: string | null; nodeOptions: string | undefined }
  /** Text files of the learner, by how they are written, relative to the workbook. */
  files: { crlf: string[]; notUtf8: string[] }
  /** `unknownZone` is the value of TZ when no time zone has that name. */
  time: { zone: string; unknownZone: string | null; nowMs: number; newestFileMs: number }
}

/** `reserved`: nobody listens, and the system does not give it away all the same. */
export type PortState = 'free' | 'kafka' | 'taken' | 'reserved'

const MIB = 1024 * 1024
const GIB = 1024 * MIB
/** Results, builds and the data of a Kafka in Java; an image would take more, in the engine's own place. */
const TIGHT_BYTES = GIB
const TOO_FEW_BYTES = 100 * MIB
const CLOCK_SLACK_MS = 5000
const DAY_MS = 24 * 60 * 60 * 1000
const OLDEST_JAVA = 17

/** All findings, in the order of the screen. Nothing is asked of the machine here. */
export function examine(facts: Facts): Finding[] {
  return [
    nodeFinding(facts.node),
    packagesFinding(facts.packages),
    ...facts.folders.map(folderFinding),
    loopbackFinding(facts.loopback),
    ...facts.ports.map(portFinding),
    ...engineFindings(facts),
    javaFinding(facts),
    editorFinding(facts.editor),
    filesFinding(facts.files),
    timeFinding(facts.time),
  ]
}

function nodeFinding({ found, oldest }: Facts['node']): Finding {
  const [major = 0, minor = 0] = found.replace(/^v/, '').split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number)
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) {
    return { id: 'node', level: 'fine', text: `Node ${found}` }
  }
  const mend = 'Install a newer one: https://nodejs.org, or nvm install --lts'
  return { id: 'node', level: 'wrong', text: `Node ${found} is older than ${oldest}.`, mend }
}

function packagesFinding(packages: Facts['packages']): Finding {
  const id = 'packages'
  const other = packages.filter(({ wanted, found }) => wanted !== found)
  const needed = other.filter(({ optional }) => !optional)
  const names = (list: Facts['packages']) =>
    list.map(({ name, found }) => (found ? `${name} (${found})` : name)).join(', ')
  if (needed.length > 0) {
    return { id, level: 'wrong', text: `Missing, or of another version: ${names(needed)}.`, mend: 'npm ci' }
  }
  if (other.length > 0) {
    const text = `Missing, or of another version: ${names(other)}. Containers may not start.`
    return { id, level: 'note', text, mend: 'npm ci --include=optional' }
  }
  return { id, level: 'fine', text: `all ${packages.length} that the workbook needs, in their versions` }
}

function folderFinding({ use, folder, freeBytes, writable }: Facts['folders'][number]): Finding {
  const id = `disk-${use}`
  if (!writable) {
    // A read-only workbook keeps its files in the temporary folder; without that one, nothing works.
    const level = use === 'temporary' ? 'wrong' : 'note'
    return {
      id,
      level,
      text: `${folder} cannot be written to.`,
      mend: 'Give yourself the right to write there.',
    }
  }
  if (freeBytes === null) return { id, level: 'fine', text: `${folder} can be written to` }
  const free = freeBytes >= GIB ? `${Math.floor(freeBytes / GIB)} GiB` : `${Math.floor(freeBytes / MIB)} MiB`
  if (freeBytes >= TIGHT_BYTES) return { id, level: 'fine', text: `${free} free in ${folder}` }
  const level = freeBytes < TOO_FEW_BYTES ? 'wrong' : 'note'
  return { id, level, text: `Only ${free} free in ${folder}.`, mend: 'Make room: 1 GiB is plenty.' }
}

function loopbackFinding(problem: string | null): Finding {
  const id = 'loopback'
  if (problem === null) return { id, level: 'fine', text: 'programs reach each other on 127.0.0.1' }
  const mend = 'A firewall or a security program is in the way: allow Node to listen on 127.0.0.1.'
  return { id, level: 'wrong', text: `No connection on 127.0.0.1: ${problem}`, mend }
}

function portFinding({ port, use, state }: Facts['ports'][number]): Finding {
  const id = `port-${port}`
  if (state === 'free') return { id, level: 'fine', text: `${port} is free, for ${use}` }
  if (state === 'kafka') {
    return {
      id,
      level: 'fine',
      text: `a Kafka answers on ${port}: npm test 03 -- --broker 127.0.0.1:${port}`,
    }
  }
  const why = state === 'taken' ? 'is taken by another program' : 'is reserved by the system'
  return { id, level: 'note', text: `${port} ${why}, so ${use} needs another one.`, mend: elsewhere(port) }
}

function elsewhere(port: number): string {
  return port === 9092
    ? 'npm run broker -- serve --port 9192; in docker-compose.yml change 9092 on the left and in ADVERTISED.'
    : `In docker-compose.yml change ${port} on the left of its line.`
}

function engineFindings({ engine, chosenBroker }: Facts): Finding[] {
  const missing = chosenBroker === 'container' ? 'wrong' : 'note'
  if (!engine) {
    const text = 'No container engine answers. The embedded broker needs none.'
    return [{ id: 'engine', level: missing, text, mend: 'For real Kafka: start Docker, or set DOCKER_HOST.' }]
  }
  const { name, clockAheadMs, image, hasImage } = engine
  const found: Finding[] = [{ id: 'engine', level: 'fine', text: `${name} answers` }]
  if (Math.abs(clockAheadMs) > CLOCK_SLACK_MS) {
    const seconds = Math.round(Math.abs(clockAheadMs) / 1000)
    const text = `The engine's clock is ${seconds} s ${clockAheadMs > 0 ? 'ahead of' : 'behind'} this machine's.`
    const mend = 'Restart the engine. Until then, times of records and retention in containers are off.'
    found.push({ id: 'engine-clock', level: missing, text, mend })
  }
  if (hasImage) found.push({ id: 'image', level: 'fine', text: `${image} is on this machine` })
  else {
    const text = `${image} is not on this machine, so the embedded broker is used.`
    found.push({ id: 'image', level: missing, text, mend: 'Fetch it once: npm run broker pull' })
  }
  return found
}

function javaFinding({ java: { version, kafka }, chosenBroker }: Facts): Finding {
  const id = 'java'
  const level = chosenBroker === 'jvm' ? 'wrong' : 'note'
  const release = Number(version?.replace(/^1\./, '').match(/^\d+/)?.[0] ?? 0)
  const mend = 'For --broker jvm: install Java 17 or newer, unpack Kafka, set KAFKA_HOME to its folder.'
  if (version === null) return { id, level, text: 'There is no Java. Only --broker jvm needs one.', mend }
  if (release < OLDEST_JAVA) return { id, level, text: `Java ${version} is too old for Kafka 4.`, mend }
  if (kafka === null) {
    const text = `Java ${version}; KAFKA_HOME is not set, and only --broker jvm needs it.`
    return {
      id,
      level,
      text,
      mend: 'Unpack Kafka (https://kafka.apache.org/downloads), set KAFKA_HOME to its folder.',
    }
  }
  if ('problem' in kafka)
    return { id, level, text: kafka.problem, mend: 'Set KAFKA_HOME to the folder of Kafka.' }
  return { id, level: 'fine', text: `Java ${version}, and Kafka ${kafka.version} in KAFKA_HOME` }
}

function editorFinding({ settings, nodeOptions }: Facts['editor']): Finding {
  const id = 'editor'
  if (nodeOptions !== undefined && /--inspect|bootloader/.test(nodeOptions)) {
    const text =
      'A debugger attaches to everything that this terminal starts (NODE_OPTIONS), which makes it slow.'
    return {
      id,
      level: 'note',
      text,
      mend: 'In VS Code: Debug: Toggle Auto Attach, off; then a new terminal.',
    }
  }
  if (settings === null || !/"files\.eol":\s*"\\n"/.test(settings) || !/"solutions\/\*\*"/.test(settings)) {
    const text =
      '.vscode/settings.json is not as it came: the editor may offer answers, or write other line ends.'
    return { id, level: 'note', text, mend: 'git checkout -- .vscode/settings.json' }
  }
  return { id, level: 'fine', text: '.vscode/settings.json is as it should be' }
}

function filesFinding({ crlf, notUtf8 }: Facts['files']): Finding {
  const id = 'line-endings'
  if (notUtf8.length > 0) {
    const text = `Not in UTF-8, so nothing can read it: ${notUtf8.join(', ')}.`
    return { id, level: 'wrong', text, mend: 'Save it as UTF-8. In VS Code: the encoding in the status bar.' }
  }
  if (crlf.length > 0) {
    const [first] = crlf
    const rest = crlf.length > 1 ? ` and ${crlf.length - 1} more` : ''
    const text = `Line ends of Windows (CRLF) in ${first}${rest}. It is judged all the same.`
    return {
      id,
      level: 'note',
      text,
      mend: 'To end them with LF, as git has them: save with LF, or git add --renormalize .',
    }
  }
  return { id, level: 'fine', text: 'the exercises are UTF-8, and their lines end with LF' }
}

function timeFinding({ zone, unknownZone, nowMs, newestFileMs }: Facts['time']): Finding {
  const id = 'time'
  if (newestFileMs - nowMs > DAY_MS) {
    const text = `The clock says ${new Date(nowMs).toISOString()}, and files here are younger than that.`
    return { id, level: 'wrong', text, mend: 'Set the clock. The quiz and retention go by it.' }
  }
  if (unknownZone !== null) {
    const text = `TZ is ${unknownZone}, which is no time zone; Node takes ${zone}.`
    return { id, level: 'note', text, mend: 'Set TZ to a name such as Europe/Paris, or to nothing.' }
  }
  return { id, level: 'fine', text: `${new Date(nowMs).toISOString()}, time zone ${zone}` }
}
