/** What the scenes of every demo are given. */
export interface DemoGiven {
  /** Milliseconds after which a member that is silent is taken for dead. */
  sessionTimeout: number
}

/** For a scene that is played by itself. */
export const ALONE: DemoGiven = { sessionTimeout: 6000 }
