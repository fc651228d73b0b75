import type { Look } from '../report/style.ts'

/** How the tool shows itself, decided once from where its output goes and from what the environment says. */
export interface Face {
  look: Look
  /** Whether lines may be replaced on the screen, and keys be asked for: never for a screen reader, a pipe or CI. */
  isLive: boolean
}

/** What is known of a stream: a terminal says how wide it is. */
export interface Output {
  isTTY?: boolean | undefined
  columns?: number | undefined
}

const WIDTH_OF_PIPES = 120
const WIDTH_UNKNOWN = 80
const LEAST_WIDTH = 40

/**
 * The full face has ticks, colours and lines that move; the plain one has words instead, and only ever goes down. It is
 * plain when somebody says so (`--plain`), in a pipe, in CI, and for TERM=dumb. NO_COLOR (https://no-color.org) and
 * FORCE_COLOR, which wins over everything but NO_COLOR, are about colours alone.
 */
export function faceOf(output: Output, env: NodeJS.ProcessEnv, plainWanted: boolean): Face {
  const isTerminal = output.isTTY === true
  const isLive = isTerminal && !plainWanted && env.TERM !== 'dumb' && !isSet(env.CI || undefined)
  return {
    isLive,
    look: {
      colour: !env.NO_COLOR && (env.FORCE_COLOR === undefined ? isLive : isSet(env.FORCE_COLOR)),
      width: isTerminal ? Math.max(LEAST_WIDTH, output.columns || WIDTH_UNKNOWN) : WIDTH_OF_PIPES,
      ticks: isLive,
      links: isLive && opensLinks(env),
    },
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value !== 'false'
}

const LINKING_PROGRAMS = ['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'Hyper', 'Tabby', 'rio']
const LINKING_TERMS = ['xterm-kitty', 'alacritty', 'foot', 'xterm-ghostty']
/** The first one of GNOME's terminals that does not crash on them. */
const LINKING_VTE = 5001

/**
 * Whether a terminal makes links of OSC 8. None can be asked, so this knows some, by the variables that they set; tmux and
 * screen hide the terminal behind them, and count as one that cannot. FORCE_HYPERLINK=1 or 0 decides.
 */
function opensLinks(env: NodeJS.ProcessEnv): boolean {
  if (env.FORCE_HYPERLINK !== undefined) return isSet(env.FORCE_HYPERLINK)
  const term = env.TERM ?? ''
  if (env.TMUX || /^(tmux|screen)/.test(term)) return false
  return (
    LINKING_PROGRAMS.includes(env.TERM_PROGRAM ?? '') ||
    LINKING_TERMS.includes(term) ||
    isSet(env.WT_SESSION) ||
    isSet(env.KONSOLE_VERSION) ||
    Number(env.VTE_VERSION) >= LINKING_VTE
  )
}
