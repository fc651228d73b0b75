import { readFileSync } from 'node:fs'

console.log(readFileSync('@NEIGHBOUR@', 'utf8'))
