/** What a command has to say, or what stands in its way. */
export interface Said {
  problem?: string
  lines?: string[]
}
export function run(argv: string[]): void
export function init(brought: string, folder: string, name: string): Said
export function upgrade(brought: string, folder: string): Said
