import type { Options } from './arguments.ts'
import { AUTHOR_COMMANDS } from './author-commands.ts'
import type { Command } from './command.ts'
import { broker, nodes, seed } from './shared-options.ts'

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
      ...nodes,
      ...seed,
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
      ...nodes,
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
        help: 'embedded (default), container, jvm (Kafka in KAFKA_HOME), or HOST:PORT of a running one',
      },
      ...seed,
      shard: { type: 'string', value: 'K/N', help: 'only part K of N; grade merge puts them together' },
      strict: { type: 'boolean', help: 'run answers with fewer rights' },
      container: { type: 'boolean', help: 'run answers in a container without a network' },
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
