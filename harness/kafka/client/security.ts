/** The mechanisms of SASL that the workbook speaks, by their names in `sasl.mechanism`. */
export const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
export type Mechanism = (typeof MECHANISMS)[number]

/** Who logs in, and how. */
export interface Credentials {
  mechanism: Mechanism
  username: string
  password: string
}

/** What TLS needs. Texts are PEM; null where nothing was given. */
export interface Tls {
  /** The certificates that are trusted; null: those that Node.js brings along. */
  ca: string | null
  /** The client's own certificate and key, for a cluster that asks for them. */
  cert: string | null
  key: string | null
  /** The same in one file of PKCS #12, as base64. */
  pfx: string | null
  /** Opens `key` or `pfx`. */
  passphrase: string | null
  /** Whether the certificate has to name the host (`ssl.endpoint.identification.algorithm`). */
  checkHost: boolean
}

/** What a connection to a cluster takes besides TCP. Plain data: it crosses to the workers that run checks. */
export interface Security {
  tls: Tls | null
  sasl: Credentials | null
}
