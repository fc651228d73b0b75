import type { Options } from './arguments.ts'

/** A broker that is named, in the words of the help. */
export const RUNNING = 'a running one: HOST:PORT or client.properties'

/** Whose Kafka it may be. */
export const foreign: Options = {
  foreign: {
    type: 'boolean',
    help: 'a running one may be on another machine: answers are kept to names of their own',
  },
}

/** Which Kafka. */
export const broker: Options = {
  broker: {
    type: 'string',
    value: 'BROKER',
    help: `auto (default), embedded, container, jvm (Kafka in KAFKA_HOME), or ${RUNNING}`,
  },
  ...foreign,
}

/** How large a cluster. */
export const nodes: Options = {
  nodes: {
    type: 'string',
    value: 'N',
    help: 'how many nodes, 1 to 5, of a broker that is started (default 1)',
  },
}

/** Which random input. */
export const seed: Options = {
  seed: { type: 'string', value: 'N', help: 'repeat the random input of an earlier run' },
}

/** Whose answer. */
export const answer: Options = {
  answer: {
    type: 'string',
    value: 'ANSWER',
    help: 'judge another answer: solution, the id of an alternative or mistake, a file, a folder',
  },
}

/** Which way through the book. */
export const path: Options = {
  path: { type: 'string', value: 'PATH', help: 'two-hours, practice, day-30, one-day or whole-book' },
}

export const plain: Options = {
  plain: { type: 'boolean', help: 'words instead of signs, from top to bottom: for screen readers' },
}

export const json: Options = { json: { type: 'boolean', help: 'as JSON, and nothing else' } }
