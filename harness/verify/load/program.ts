/**
 * The kafkajs program of `npm run bench broker` and `npm run bench soak`. It runs in a process of its own, the same for every
 * broker, does one job, and prints what it measured as JSON.
 *
 * usage: node load.mjs '{"kind": "figures", "bootstrap": "127.0.0.1:9092", "name": "bench-1"}'
 */
import { measureFigures } from './figures.ts'
import type { Figures, Job } from './job.ts'
import { measureScale, writeMillion } from './scale.ts'
import { soakLoad } from './soak.ts'

function work(job: Job): Promise<Figures | undefined> {
  switch (job.kind) {
    case 'figures':
      return measureFigures(job.bootstrap, job.name)
    case 'scale':
      return measureScale(job.bootstrap, job.name, job.factor)
    case 'million':
      return writeMillion(job.bootstrap)
    case 'soak':
      return soakLoad(job.bootstrap, job.name, job.size)
  }
}

console.log(JSON.stringify(await work(JSON.parse(process.argv[2] ?? '') as Job)))
