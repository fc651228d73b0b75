import type { Options } from './arguments.ts'
import type { Command } from './command.ts'
import { TRUST_OPTIONS } from './trust.ts'

const broker: Options = {
  broker: {
    type: 'string',
    value: 'BROKER',
    help: 'auto (default), embedded, container, jvm (Kafka in KAFKA_HOME), or HOST:PORT of a running one',
  },
}
const seed: Options = {
  seed: { type: 'string', value: 'N', help: 'repeat the random input of an earlier run' },
}
const answer: Options = {
  answer: {
    type: 'string',
    value: 'ANSWER',
    help: 'judge another answer: solution, the id of an alternative or mistake, a file, a folder',
  },
}
const plain: Options = {
  plain: { type: 'boolean', help: 'words instead of signs, from top to bottom: for screen readers' },
}
const json: Options = { json: { type: 'boolean', help: 'as JSON, and nothing else' } }

/** Every command of the tool, in the order of the help. */
export const COMMANDS: Record<string, Command> = {
  start: {
    usage: '[NN]',
    start: 'npm start',
    summary: 'watch: judge the exercise in hand on every save; the keys are on the screen',
    options: {
      ...broker,
      ...seed,
      ...plain,
    },
    load: () => import('./watch.ts'),
  },
  test: {
    usage: '[NN... | all]',
    start: 'npm test',
    summary: 'judge your answers to one or more exercises; without a number, to the one in hand',
    options: {
      ...answer,
      ...broker,
      ...seed,
      ...TRUST_OPTIONS,
      wire: { type: 'boolean', help: 'show everything that went over the wire' },
      ...plain,
      ...json,
      output: { type: 'string', value: 'FILE', help: 'write the result as JSON to a file, too' },
    },
    load: () => import('./test.ts'),
  },
  play: {
    usage: '[NN [SCENE]]',
    start: 'npm run play',
    summary: 'run a scene with your code, without a verdict, and see what went over the wire',
    options: {
      ...answer,
      ...broker,
      watch: { type: 'boolean', help: 'play again when you save something else, until you press Ctrl+C' },
      ...plain,
      ...json,
    },
    load: () => import('./play.ts'),
  },
  list: {
    usage: '[PATH | WORDS]',
    start: 'npm run list',
    summary: 'all exercises, those on a path through the book, or those whose title has your words',
    options: {
      path: { type: 'string', value: 'PATH', help: 'two-hours, practice, day-30, one-day or whole-book' },
      state: { type: 'string', value: 'STATE', help: 'open, passed, failed, not-written or new' },
      ...plain,
      ...json,
    },
    load: () => import('./list.ts'),
  },
  read: {
    usage: '[NN]',
    start: 'npm run read',
    summary: 'the page of an exercise, in the terminal; $PAGER shows it when it is long',
    options: { ...plain, ...json },
    load: () => import('./read.ts'),
  },
  hint: {
    usage: '[NN [1|2|3]]',
    start: 'npm run hint',
    summary: 'one more hint each time; 1 is a nudge, 2 a pointer, 3 nearly the solution',
    options: { ...plain, ...json },
    load: () => import('./hint.ts'),
  },
  diff: {
    usage: '[NN]',
    start: 'npm run diff',
    summary: 'what you changed in the stub; after passing, your answer beside the solution',
    options: {
      stub: { type: 'boolean', help: 'beside the stub, also after passing' },
      solution: { type: 'boolean', help: 'beside the solution' },
      anyway: { type: 'boolean', help: 'with --solution: also before passing' },
      upgrade: { type: 'boolean', help: 'what a newer workbook changed in the stub since you began' },
      ...plain,
    },
    load: () => import('./diff.ts'),
  },
  reset: {
    usage: 'NN...',
    start: 'npm run reset',
    summary: 'begin an exercise anew; what you wrote is kept',
    options: {},
    load: () => import('./reset.ts'),
  },
  undo: {
    usage: 'NN [HASH] | all',
    start: 'npm run undo',
    summary: 'what your file held before the last change; all: before every solve',
    options: { list: { type: 'boolean', help: 'all texts of yours that are kept' }, ...plain },
    load: () => import('./undo.ts'),
  },
  solve: {
    usage: 'NN... | all',
    start: 'npm run solve',
    summary: 'put the solution into your file; what you wrote is kept, and it does not count as passed',
    options: {},
    load: () => import('./solve.ts'),
  },
  progress: {
    usage: '[export FILE | import FILE]',
    start: 'npm run progress',
    summary: 'what you have done so far; export and import carry it to another machine',
    options: { ...plain, ...json },
    load: () => import('./progress.ts'),
  },
  quiz: {
    usage: '[NAME... | export NAME... | stats FILE... | report ID NOTE]',
    start: 'npm run quiz',
    summary: 'questions on every topic, with answers that teach',
    options: {
      count: { type: 'string', value: 'N', help: 'at most N questions' },
      mixed: { type: 'boolean', help: 'the topics in turn, not one after the other' },
      missed: { type: 'boolean', help: 'only what you answered wrongly the last time' },
      review: { type: 'boolean', help: 'what is due again, over all topics' },
      exam: { type: 'boolean', help: 'no feedback until the end' },
      resume: { type: 'boolean', help: 'go on with the run that was left' },
      confidence: {
        type: 'boolean',
        help: 'ask how sure you are, before each verdict (always with --review)',
      },
      'no-confidence': { type: 'boolean', help: 'do not ask how sure you are' },
      ...seed,
      ...plain,
      answers: { type: 'string', value: 'FILE', help: 'answers from a JSON file, for classes and for CI' },
      ...json,
      file: { type: 'string', value: 'FILE', help: 'a quiz of your own' },
      blank: { type: 'boolean', help: 'with export: copies without answers (the default)' },
      format: { type: 'string', value: 'FORMAT', help: 'with export: blank, gift (Moodle) or qti (QTI 2.1)' },
      lint: { type: 'boolean', help: 'say what is wrong with the quiz files' },
      run: { type: 'boolean', help: 'with --lint FILE: run the programs in it, too' },
    },
    load: () => import('./quiz.ts'),
  },
  broker: {
    usage: 'serve',
    start: 'npm run broker --',
    summary: 'the embedded broker on fixed ports, for any Kafka client, until you press Ctrl+C',
    options: {
      nodes: { type: 'string', value: 'N', help: 'how many nodes, 1 to 5 (default 1)' },
      port: {
        type: 'string',
        value: 'PORT,...',
        help: 'one for each node, or the first of them (default 9092)',
      },
      host: { type: 'string', value: 'HOST', help: 'the address to listen on (default 127.0.0.1)' },
      advertise: { type: 'string', value: 'HOST', help: 'the address that clients are told' },
      'first-id': { type: 'string', value: 'N', help: 'the id of the first node (default 1)' },
      set: {
        type: 'string',
        value: 'NAME=VALUE',
        help: "a broker setting by Kafka's name; as often as you want",
        multiple: true,
      },
    },
    load: () => import('./broker.ts'),
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
        help: 'embedded (default), container, jvm (Kafka in KAFKA_HOME), or HOST:PORT of a running one',
      },
      ...seed,
      shard: { type: 'string', value: 'K/N', help: 'only part K of N; grade merge puts them together' },
      ...TRUST_OPTIONS,
    },
    load: () => import('./grade.ts'),
  },
  verify: {
    usage: '',
    start: 'npm run verify',
    summary:
      'test the workbook itself: its pages, its code, and every answer that it ships (on the embedded broker)',
    options: {
      ...broker,
      ...seed,
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
      'write-tables': { type: 'boolean', help: 'only write the table of APIs in the documents anew' },
    },
    load: () => import('./verify.ts'),
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
    usage: '[broker|soak|watch|grade]',
    start: 'npm run bench',
    summary:
      'how long things take, as ratios within one run; the embedded broker beside real Kafka, and whether it leaks; a class',
    options: {
      runs: { type: 'string', value: 'N', help: 'rounds (default 5)' },
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
    usage: 'HOST:PORT',
    start: 'npm run workbook -- record',
    summary: 'record frames of a real Kafka for the tests of the protocol',
    options: {},
    load: () => import('./record.ts'),
  },
}
