import type { Command } from './command.ts'
import { broker, seed } from './shared-options.ts'
import { CONFINEMENT_OPTIONS } from './trust.ts'

/** The commands for those who work on the workbook, in the order of the help. */
export const AUTHOR_COMMANDS: Record<string, Command> = {
  package: {
    usage: 'DIR',
    start: 'npm run package --',
    summary: "write the npm package that makes learners' folders: `npx kafka-workbook init my-kafka`",
    options: {},
    load: () => import('./package.ts'),
  },
  verify: {
    usage: '',
    start: 'npm run verify',
    summary:
      'test the workbook itself: its pages, its code, and every answer that it ships (on the embedded broker)',
    options: {
      ...broker,
      ...seed,
      ...CONFINEMENT_OPTIONS,
      kafka: {
        type: 'string',
        value: 'VERSION',
        help: 'on this version of real Kafka, such as 4.0.1 (needs Java and Maven)',
      },
      exercise: { type: 'string', value: 'NN,...', help: 'only these exercises' },
      repeat: { type: 'string', value: 'N', help: 'judge every answer N times' },
      resume: { type: 'boolean', help: 'with --repeat: count the rounds of earlier runs of --resume' },
      compare: {
        type: 'string',
        value: 'BROKER',
        help: 'judge on this broker, too, and compare the words; or a file that --output wrote before',
      },
      output: { type: 'string', value: 'FILE', help: 'write the results of the first round to a file' },
      table: { type: 'boolean', help: 'a table of the exercises, with the seconds of their solutions' },
      json: { type: 'boolean', help: 'the answers and their verdicts as JSON' },
      'write-tables': {
        type: 'boolean',
        help: 'only write the tables in the documents anew; with --kafka, keep its result in them',
      },
    },
    load: () => import('./verify.ts'),
  },
  new: {
    usage: 'exercise NAME',
    start: 'npm run new',
    summary: 'for authors: the files of a new exercise, which work, and say what is to be written',
    options: { kind: { type: 'string', value: 'KIND', help: 'broker (default) or pure' } },
    load: () => import('./new.ts'),
  },
  parity: {
    usage: '[ID-OR-KEY...]',
    start: 'npm run parity',
    summary:
      'compare the embedded broker with real Kafka, answer by answer (recorded ones, so no Kafka is needed)',
    options: {
      live: { type: 'boolean', help: 'compare with a real Kafka that runs now: the one in KAFKA_HOME' },
      broker: { type: 'string', value: 'HOST:PORT', help: 'with --live: a Kafka that runs already' },
      record: { type: 'boolean', help: 'with --live: keep its answers as the new recording' },
      mutate: {
        type: 'boolean',
        help: 'change every answer of the embedded broker in turn: each must be noticed',
      },
      json: { type: 'boolean', help: 'as JSON' },
    },
    load: () => import('./parity.ts'),
  },
  fuzz: {
    usage: '',
    start: 'npm run fuzz',
    summary: 'send mutated frames to the embedded broker, and look for what must not be',
    options: {
      ...seed,
      frames: { type: 'string', value: 'N', help: 'how many (default 20000)' },
      replay: {
        type: 'string',
        value: 'HEX|FILE',
        help: 'send these frames, one in each line, and nothing else',
      },
    },
    load: () => import('./fuzz.ts'),
  },
  bench: {
    usage: '[broker|soak|watch|quiz|grade]',
    start: 'npm run bench',
    summary:
      'how long things take, as ratios within one run; the embedded broker beside real Kafka, and whether it leaks; a class',
    options: {
      runs: { type: 'string', value: 'N', help: 'rounds (default 5, of a quiz 10)' },
      broker: {
        type: 'string',
        value: 'BROKER',
        help: 'what to measure the embedded broker against: jvm (Kafka in KAFKA_HOME, the default), or HOST:PORT',
      },
      saves: { type: 'string', value: 'N', help: 'with watch: how many saves (default 50)' },
      short: { type: 'boolean', help: 'a small soak, of some seconds; grade without kills and parts' },
      count: { type: 'string', value: 'N', help: 'with grade: how many submissions (default 20)' },
      scale: { type: 'boolean', help: 'the broker with 1, 10 and 100 times as many records and partitions' },
    },
    load: () => import('./bench.ts'),
  },
  record: {
    usage: 'HOST:PORT [NAME PROGRAM...]',
    start: 'npm run workbook -- record',
    summary: 'record frames of a real Kafka for the tests of the protocol',
    options: {},
    load: () => import('./record.ts'),
  },
}
