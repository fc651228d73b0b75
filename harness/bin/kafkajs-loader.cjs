/**
 * Loads kafkajs from one file, with V8's code cache beside it: a process that runs an answer starts twice as quickly as with
 * the package's four hundred files. The build puts this file beside the bundled text, as `kafkajs.cjs`. Each version
 * of Node, and each set of V8's flags, has a cache of its own; a broken one is refused and made again.
 */
'use strict'
const fs = require('node:fs')
const path = require('node:path')
const { cachedDataVersionTag } = require('node:v8')
const { Script } = require('node:vm')

const codeFile = path.join(__dirname, 'kafkajs-code.js')
const cacheFile = path.join(__dirname, `kafkajs-${cachedDataVersionTag()}.cache`)

function readCache() {
  try {
    return fs.readFileSync(cacheFile)
  } catch {
    return undefined
  }
}

/** Several processes may do this at once; each renames a whole file. A build folder that is read-only does without. */
function writeCache(script) {
  const half = `${cacheFile}.${process.pid}`
  try {
    fs.writeFileSync(half, script.createCachedData())
    fs.renameSync(half, cacheFile)
  } catch {
    removeHalf(half)
  }
}

function removeHalf(half) {
  try {
    fs.rmSync(half, { force: true })
  } catch {
    // A confined process may not even do that, and has written nothing.
  }
}

const cachedData = readCache()
const wrapped = `(function (exports, require, module, __filename, __dirname) {${fs.readFileSync(codeFile, 'utf8')}\n})`
const script = new Script(wrapped, { filename: codeFile, cachedData })
script.runInThisContext()(exports, require, module, codeFile, __dirname)
if (!cachedData || script.cachedDataRejected) writeCache(script)
