import { writeFileSync } from 'node:fs'

writeFileSync('@CHECK@', '')
