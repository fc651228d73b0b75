import { writeFileSync } from 'node:fs'

writeFileSync('@NEIGHBOUR@', 'throw new Error()')
