// An old Node has to be able to read this file, so its syntax is that of 2017 and it imports nothing.

/** The oldest Node that the workbook runs on; package.json "engines" says the same. */
export const OLDEST_NODE = '20.19'

/**
 * What is wrong with this Node, as the lines to print, or null when it is new enough.
 * `version` is `process.version`: `v18.20.4`.
 */
export function nodeTooOld(version) {
  const found = version.replace(/^v/, '')
  const [major, minor] = found.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE.split('.').map(Number)
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null
  return (
    `The workbook needs Node ${OLDEST_NODE} or newer; this is ${found}.\n` +
    'Install a newer one (https://nodejs.org, or your version manager: nvm install --lts), then run the command again.\n'
  )
}
