import { spawnSync } from 'node:child_process'

const code = `require('node:fs').writeFileSync('@TARGET@/started', 'by a process')`
spawnSync(process.execPath, ['-e', code])
