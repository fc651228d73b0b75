import { readFileSync, symlinkSync } from 'node:fs'

symlinkSync('@SOLUTION@', 'harmless.txt')
console.log(readFileSync('harmless.txt', 'utf8'))
