import { writeFileSync } from 'node:fs'

writeFileSync('@TARGET@/marks.json', '{"verdict":"passed"}')
