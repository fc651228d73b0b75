import { WorkbookError } from '../errors.ts'
import { type Exercise, findExercise } from '../exercise/find.ts'
import { resetAnswer } from '../exercise/swap.ts'
import { undoAnswer } from '../progress/attempts.ts'
import type { Look } from '../report/style.ts'
import { sceneNames } from '../run/play.ts'
import type { Saves } from '../run/saves.ts'
import type { WatchAction, WatchEvent, WatchState } from '../run/watch.ts'
import { endOf, type WatchWork } from '../run/watch-work.ts'
import { differencePage, hintPage, lessonPage, scenePage, solutionPage } from './watch-pages.ts'
import type { Terminal } from './watch-terminal.ts'

interface WatchHands {
  root: string
  cwd: string
  exercises: readonly Exercise[]
  work: WatchWork
  saves: Saves
  terminal: Terminal
  look(): Look
  emit(event: WatchEvent): void
  leave(code: number): void
}

/** Does what the state machine asks for, and tells it how that ended. What goes wrong becomes a sentence on the screen. */
export function watchActions(hands: WatchHands): (action: WatchAction, state: WatchState) => void {
  const { work, emit } = hands
  /** How often a scene was played: each time the next one is. */
  const played = new Map<string, number>()

  async function play(exercise: Exercise): Promise<void> {
    const scenes = sceneNames(exercise)
    const count = played.get(exercise.name) ?? 0
    const scene = scenes[count % scenes.length] ?? ''
    const after = scenes[(count + 1) % scenes.length] ?? ''
    const ended = await work.play(exercise.name, scene)
    played.set(exercise.name, count + 1)
    emit({ kind: 'page', page: scenePage(ended, scene, after, { cwd: hands.cwd, look: hands.look() }) })
  }

  return (action, state) => {
    switch (action.kind) {
      case 'judge':
        return void work.judge(action.exercise)
      case 'play':
        return void play(found(hands, action.exercise)).catch((error) => emit(endOf(error)))
      case 'cancel':
        return work.cancel()
      case 'restart broker':
        return void work.restartBroker()
      case 'attend':
        return hands.saves.attend(found(hands, action.exercise).file)
      case 'suspend':
        return hands.terminal.suspend()
      case 'leave':
        return hands.leave(action.code)
      default:
        return told(emit, () => atOnce(hands, action, state))
    }
  }
}

type AtOnce = Extract<WatchAction, { kind: 'hint' | 'lesson' | 'difference' | 'solution' | 'reset' | 'undo' }>

function atOnce(hands: WatchHands, action: AtOnce, { passed }: WatchState): WatchEvent {
  const { root, cwd, exercises, look } = hands
  const exercise = findExercise([...exercises], action.exercise)
  switch (action.kind) {
    case 'hint':
      return { kind: 'page', page: hintPage(root, exercise, action.more) }
    case 'lesson':
      return { kind: 'page', page: lessonPage(exercise, look(), cwd) }
    case 'difference':
      return { kind: 'page', page: differencePage(root, exercise, passed.has(exercise.name), look()) }
    case 'solution':
      return { kind: 'page', page: solutionPage(root, exercise) }
    case 'reset':
      resetAnswer(root, exercise)
      return swapped(hands, exercise, 'This is the untouched exercise. u brings your file back.')
    case 'undo': {
      const attempt = undoAnswer(root, exercise)
      if (!attempt) return { kind: 'notice', sentence: 'There is nothing to undo.' }
      const sentence = `Your file is as it was: ${attempt.hash}. u again takes that back.`
      return swapped(hands, exercise, sentence)
    }
  }
}

/** Judged at once, and not when the save is noticed: that would take the sentence away. */
function swapped({ saves, emit }: WatchHands, { file }: Exercise, sentence: string): WatchEvent {
  saves.attend(file)
  emit({ kind: 'saved' })
  return { kind: 'notice', sentence }
}

function told(emit: WatchHands['emit'], work: () => WatchEvent): void {
  try {
    emit(work())
  } catch (error) {
    const { message } = error as Error
    const hint = error instanceof WorkbookError ? error.hint : ''
    emit({ kind: 'notice', sentence: `${message} ${hint}`.trim() })
  }
}

function found({ exercises }: WatchHands, name: string): Exercise {
  return findExercise([...exercises], name)
}
