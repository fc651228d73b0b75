/** Bundles the harness when it has changed; see bundle.mjs. */
export function bundle(root: string): Promise<{ dir: string; files: Record<string, string> }>
