const SHORTEST_TELLING_LINE = 24

/** Lines of code of an answer, trimmed, that only someone who solved the exercise would write. */
export function tellingLines(answer: string, stub: string): string[] {
  return linesOfItsOwn(answer, stub).filter(
    (line) => /[(=]/.test(line) && !/^export (async )?function/.test(line),
  )
}

/** Lines of an answer, trimmed, without short ones, comments, imports, types, and what `stub` has; data is among them. */
export function linesOfItsOwn(answer: string, stub: string): string[] {
  const given = new Set(stub.split('\n').map(squeeze))
  return codeLines(answer)
    .filter(
      (line) => line.length >= SHORTEST_TELLING_LINE && !/^(import |export (type|interface))/.test(line),
    )
    .filter((line) => !given.has(squeeze(line)))
}

/** The lines of a program, trimmed, without empty ones and comments. */
export function codeLines(program: string): string[] {
  return program
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(\/\/|\/\*|\*)/.test(line))
}

/** A text without its blanks: a line is known however it is indented or broken. */
export function squeeze(text: string): string {
  return text.replace(/\s+/g, '')
}
