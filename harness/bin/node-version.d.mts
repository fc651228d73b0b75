export const OLDEST_NODE: string
/** What is wrong with this Node (`v18.20.4`), as the lines to print, or null when it is new enough. */
export function nodeTooOld(version: string): string | null
