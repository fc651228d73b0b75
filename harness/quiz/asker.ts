/** Something to choose. */
export interface Choice {
  id: string
  /** Text without colours: typing ahead looks for its beginning. */
  name: string
}

/** How questions come to a human, and answers back. */
export interface Asker {
  tell(lines: readonly string[]): void
  /** One of the choices; its id. */
  pick(message: string, choices: readonly Choice[]): Promise<string>
  /** Some of the choices, perhaps none; their ids. */
  pickSeveral(message: string, choices: readonly Choice[]): Promise<string[]>
  /** One of the choices by a single key: their ids are the keys. */
  key(message: string, choices: readonly Choice[]): Promise<string>
  /** What is typed on one line. */
  line(message: string): Promise<string>
}

/** The human ended it, by Ctrl+C or Ctrl+D: everything that was answered is kept. */
export class Interrupted extends Error {
  override name = 'Interrupted'
}
