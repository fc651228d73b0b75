const BATCH_FILES = ['npm', 'npx', 'mvn']

/**
 * How to start a program by its name. Windows has `npm`, `npx` and `mvn` as batch files, which only a shell can start, and a shell
 * wants one line with quotes around what has blanks in it.
 */
export function spawnPlan(
  platform: NodeJS.Platform,
  program: string,
  args: readonly string[],
): { program: string; args: string[]; shell: boolean } {
  if (platform !== 'win32' || !BATCH_FILES.includes(program))
    return { program, args: [...args], shell: false }
  const words = [`${program}.cmd`, ...args].map((word) => (/^[\w./:=\\-]+$/.test(word) ? word : `"${word}"`))
  return { program: words.join(' '), args: [], shell: true }
}
