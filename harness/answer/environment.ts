/** What a program needs to run at all; everything else could be a secret, or tell the answer that it is being judged. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'SystemDrive',
  'ComSpec',
  'PATHEXT',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
]

/** With these, an editor's debugger gets hold of every process that a program starts. */
export const DEBUGGER_VARIABLES = ['NODE_OPTIONS', 'VSCODE_INSPECTOR_OPTIONS']

/** What of this machine's environment makes sense in a container. */
const LANGUAGE = ['LANG', 'LC_ALL', 'TZ']

const NAMES = { learn: [...PASSED_ON, ...DEBUGGER_VARIABLES], strict: PASSED_ON, container: LANGUAGE }

/** The environment of a child: an allow-list of `from`, and in learn mode what a debugger needs. */
export function childEnvironment(
  from: NodeJS.ProcessEnv,
  confinement: keyof typeof NAMES,
): NodeJS.ProcessEnv {
  const wanted = new Set(NAMES[confinement].map((name) => name.toUpperCase()))
  // Windows does not mind upper or lower case in names (`Path`), so neither do we.
  const passed = Object.entries(from).filter(([name]) => wanted.has(name.toUpperCase()))
  return { ...Object.fromEntries(passed), KAFKAJS_NO_PARTITIONER_WARNING: '1' }
}

/** The environment for a process of the workbook's own: a debugger should show answers, and nothing else. */
export function withoutDebugger(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(from).filter(([name]) => !DEBUGGER_VARIABLES.includes(name.toUpperCase())),
  )
}
