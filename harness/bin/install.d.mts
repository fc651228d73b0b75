/** Installs what is missing; see install.mjs. Resolves with what went wrong, as the lines to print, or null. */
export function installPackages(
  root: string,
  options: {
    forAuthors: boolean
    /** Prints one line; standard error by default. */
    say?: (line: string) => void
    /** Runs npm in a folder; resolves with null, or with what went wrong. */
    npm?: (root: string, args: string[]) => Promise<string | null>
  },
): Promise<string | null>

/** How to start npm on a platform; see install.mjs. */
export function npmPlan(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  args: string[],
): { program: string; args: string[]; shell: boolean }
