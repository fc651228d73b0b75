// Node loads this file first in every process that the debugged program starts, as it does with the bootloader of VS
// Code's js-debug: the file opens the inspector, says where, and holds the process until the debugger has come.
const fs = require('node:fs')
const inspector = require('node:inspector')
const path = require('node:path')

const { VSCODE_INSPECTOR_OPTIONS } = process.env
if (VSCODE_INSPECTOR_OPTIONS) attach(JSON.parse(VSCODE_INSPECTOR_OPTIONS))

function attach(options) {
  // A thread of a process that is attached already; the debugger gets hold of it through its process.
  if (options.ppid === process.pid) return
  process.env.VSCODE_INSPECTOR_OPTIONS = JSON.stringify({ ...options, ppid: process.pid })
  inspector.open(0, '127.0.0.1', false)
  const file = path.join(options.attachFolder, String(process.pid))
  const found = { pid: process.pid, script: process.argv[1], url: inspector.url() }
  // Renamed, so that the debugger never reads half of it.
  fs.writeFileSync(`${file}.unfinished`, JSON.stringify(found))
  fs.renameSync(`${file}.unfinished`, `${file}.json`)
  inspector.waitForDebugger()
}
