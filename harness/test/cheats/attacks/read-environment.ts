import { readFileSync } from 'node:fs'

console.log(JSON.stringify(process.env))
console.log(readFileSync(`/proc/${process.ppid}/environ`, 'utf8'))
