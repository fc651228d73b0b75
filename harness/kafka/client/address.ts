import { WorkbookError } from '../../errors.ts'

/** Where a node listens. */
export interface Address {
  host: string
  port: number
}

/** Reads one or more addresses, joined by commas. Throws WorkbookError when one of them is none. */
export function parseBootstrap(bootstrap: string): Address[] {
  return bootstrap.split(',').map(parseAddress)
}

/** Reads `host:port`, with brackets around IPv6 (`[::1]:9092`). Throws WorkbookError for anything else. */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text.trim())
  const port = Number(match?.[3])
  if (!match || port < 1 || port > 65_535) {
    throw new WorkbookError(
      `"${text.trim()}" is not a broker address.`,
      'An address looks like 127.0.0.1:9092.',
    )
  }
  return { host: (match[1] ?? match[2]) as string, port }
}

/** `host:port`, with brackets around IPv6. */
export function showAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
