import { readFileSync } from 'node:fs'

console.log(readFileSync('@SOLUTION@', 'utf8'))
