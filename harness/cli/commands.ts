import { AUTHOR_COMMANDS } from './author-commands.ts'
import type { Command } from './command.ts'
import { LEARNER_COMMANDS } from './learner-commands.ts'
import { broker, foreign, json, nodes, plain, RUNNING, seed } from './shared-options.ts'
import { TRUST_OPTIONS } from './trust.ts'

/** Every command of the tool, in the order of the help. */
export const COMMANDS: Record<string, Command> = {
  ...LEARNER_COMMANDS,
  broker: {
    usage: '[status|start [container|jvm]|stop|logs|pull|clean|serve]',
    start: 'npm run broker',
    summary:
      'real Kafka that stays up between runs; serve is the embedded broker on fixed ports, for any Kafka client',
    options: {
      ...nodes,
      port: {
        type: 'string',
        value: 'PORT,...',
        help: 'one for each node, or the first of them (default 9092)',
      },
      host: { type: 'string', value: 'HOST', help: 'the address to listen on (default 127.0.0.1)' },
      advertise: { type: 'string', value: 'HOST', help: 'the address that clients are told' },
      topic: {
        type: 'string',
        value: 'NAME:N',
        help: 'with serve: a topic to begin with, and its partitions; NAME:N:R for R replicas; as often as you want',
        multiple: true,
      },
      'first-id': { type: 'string', value: 'N', help: 'the id of the first node (default 1)' },
      set: {
        type: 'string',
        value: 'NAME=VALUE',
        help: "a broker setting by Kafka's name; as often as you want",
        multiple: true,
      },
      wire: { type: 'boolean', help: 'with serve: show what clients send, and what they are answered' },
    },
    load: () => import('./broker.ts'),
  },
  doctor: {
    usage: '',
    start: 'npm run doctor',
    summary: 'look at this machine: what is fine, and how to mend what is not',
    options: { ...json },
    load: () => import('./doctor.ts'),
  },
  release: {
    usage: 'DIR',
    start: 'npm run release --',
    summary: 'write the copy that students get: no answers, no keys of quizzes; its `npm test` works',
    options: {
      'with-solutions': { type: 'string', value: 'NN-NN,...', help: 'the solutions of these exercises, too' },
      'with-quiz-keys': { type: 'boolean', help: 'the quizzes with their keys, so that they can be taken' },
    },
    load: () => import('./release.ts'),
  },
  grade: {
    usage: 'DIR | merge FILE... | diff OLD NEW',
    start: 'npm run grade --',
    summary: 'grade the submissions of a class: folders, clones, archives, downloads of course systems',
    options: {
      exercise: { type: 'string', value: 'NN,...', help: 'only these exercises' },
      output: { type: 'string', value: 'DIR', help: 'where the marks go (default: grades)' },
      broker: {
        type: 'string',
        value: 'BROKER',
        help: `embedded (default), container, jvm (Kafka in KAFKA_HOME), or ${RUNNING}`,
      },
      ...foreign,
      ...seed,
      shard: { type: 'string', value: 'K/N', help: 'only part K of N; grade merge puts them together' },
      ...TRUST_OPTIONS,
    },
    load: () => import('./grade.ts'),
  },
  demo: {
    usage: '[NAME...|all]',
    start: 'npm run demo',
    summary: 'demonstrations for a class, with real clients, on any broker; without a name, the list',
    options: {
      ...broker,
      pace: {
        type: 'string',
        value: 'SECONDS',
        help: 'go on by itself after so many seconds; 0 never waits (default: on Enter)',
      },
      html: { type: 'string', value: 'FILE', help: 'write what was shown as a page of its own, too' },
      pictures: { type: 'boolean', help: 'only draw the pictures in docs/pictures anew, from real runs' },
      ...plain,
    },
    load: () => import('./demo.ts'),
  },
  ...AUTHOR_COMMANDS,
}
