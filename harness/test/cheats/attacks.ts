/** An answer that wants something else than to be right. Its file is `attacks/NAME.ts`. */
export interface Attack {
  name: string
  /** Number of the exercise that it is handed in for. */
  exercise: '02' | '03' | '05'
  what: string
}

/** All attacks, by what they are after. */
export const ATTACKS: Record<string, Attack[]> = {
  'ends its own process': [
    wire('exit-zero', 'exits with code 0 when it is loaded'),
    wire('really-exit', 'exits with code 0 below every exit handler, in a call'),
    wire('abort', 'aborts'),
    wire('kill-itself', 'kills itself'),
  ],
  'changes the language under the judge': [
    pure('patch-equality', 'makes Object.is, join and JSON agree with everything'),
    pure('patch-promises', 'replaces Promise.prototype.then'),
    wire('patch-serializer', 'replaces what packs its answers'),
    pure('import-vitest', 'imports vitest and extends expect'),
    wire('load-vitest', 'loads the vitest of the workbook and hooks into its tests'),
    pure('global-hooks', 'declares tests of its own that pass'),
    pure('stop-the-clock', 'stops the clock and makes timers fire at once'),
  ],
  'forges a result': [
    wire('forge-output', 'prints results in three formats, and exits'),
    pure('forge-message', 'sends a message to its parent'),
    wire('forge-report', 'writes a report to the pipe of reports'),
    pure('forge-sealed-report', 'steals the seal first, then writes a report'),
    wire('forge-watchdog', 'writes to the pipe of the watchdog'),
  ],
  'returns objects that lie': [
    pure('lying-object', 'objects that answer every comparison'),
    pure('lying-proxy', 'proxies'),
    pure('lying-array', 'arrays with methods of their own'),
    wire('never-settles', 'promises that never settle'),
    pure('four-billion-holes', 'arrays of four billion holes'),
  ],
  'reads what it should not': [
    wire('read-solution', 'the solution, as a file'),
    pure('run-solution', 'the solution, and runs it'),
    pure('import-solution', 'the solution, by an import of its absolute path'),
    pure('import-solution-near', 'the solution, by an import of its relative path'),
    wire('import-neighbour', 'another submission, by an import'),
    wire('import-secret-file', 'a file of the instructor, by an import'),
    pure('read-checks', 'the checks, and returns what they expect'),
    wire('read-neighbour', 'another submission'),
    wire('read-bundles', 'what was judged before it, compiled'),
    wire('read-through-link', 'the solution, through a symbolic link'),
    wire('read-by-binding', "the solution, with Node's inner functions"),
    wire('read-in-thread', 'the solution, in a thread'),
    wire('read-environment', "the environment, its parent's too"),
  ],
  'knows that it is judged': [
    wire('open-inspector', 'opens a debugger, which suspends deadlines'),
    wire('detect-judge', 'looks for a judge in its environment'),
  ],
  'never ends': [
    wire('busy-loop', 'an endless loop'),
    wire('endless-promises', 'an endless chain of promises'),
    wire('leave-sockets-open', 'leaves a server and a timer behind'),
  ],
  'fails where nobody looks': [
    wire('unhandled-rejection', 'rejects a promise that nobody awaits'),
    wire('throw-late', 'throws when it has answered'),
  ],
  'takes all there is': [
    wire('heap-bomb', 'objects without end'),
    wire('buffer-bomb', '2 GB of buffers, which no heap limit counts'),
    wire('flood-output', '500 MB of output'),
    wire('paint-terminal', 'control sequences for the terminal'),
    wire('fill-disk', '100 MB on the disk'),
    wire('many-processes', 'forty processes'),
  ],
  'starts processes': [
    wire('start-process', 'a process that writes a file'),
    wire('outlive', 'a process that outlives it and rewrites the marks later'),
  ],
  'ends the judge': [
    wire('kill-keeper', 'kills its parent'),
    wire('stop-keeper', 'stops its parent without ending it'),
    wire('kill-grader', "kills its parent's parent"),
  ],
  'writes what it should not': [
    wire('rewrite-marks', 'the marks'),
    wire('rewrite-neighbour', 'another submission'),
    wire('rewrite-checks', 'the checks'),
  ],
  'speaks to others': [
    wire('send-out', 'to a server, by TCP'),
    wire('send-out-by-datagram', 'to a server, by UDP'),
    wire('call-keeper', 'to the process that runs all answers'),
  ],
  'brings its own tools': [
    wire('own-kafkajs', 'a kafkajs and configuration files of its own'),
    wire('own-helper', 'a second file'),
  ],
  'harms the broker or others on it': [
    topics('delete-topic', "deletes another's topic"),
    wire('write-to-topic', "writes into another's topic"),
    topics('change-broker', "changes settings of the broker and of another's topic"),
    topics('past-wiretap', 'goes straight to the broker, past the wiretap'),
    wire('giant-frame', 'announces a frame of 2 GB'),
    wire('garbage-frames', 'random bytes on 300 connections'),
  ],
  'does not do the task': [
    pure('known-values', 'returns the values that are known in advance'),
    pure('guess', 'guesses'),
    wire('fake-receipt', 'returns a receipt and sends nothing'),
    wire('deaf-producer', 'tells the producer that all is stored'),
  ],
}

function pure(name: string, what: string): Attack {
  return { name, exercise: '05', what }
}

function wire(name: string, what: string): Attack {
  return { name, exercise: '03', what }
}

function topics(name: string, what: string): Attack {
  return { name, exercise: '02', what }
}
