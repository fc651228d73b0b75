import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'

/** How to end a process with everything that it started. */
type KillPlan = { signalTo: number } | { command: string; args: string[] }

/**
 * On POSIX a child leads a process group of its own, and SIGKILL to the group reaches all who did not leave it with
 * setsid. Windows has no groups: taskkill follows the tree of parents, so the child must still live. It is named by its whole
 * path, because Windows looks for programs in the working folder first.
 */
export function killPlan(platform: NodeJS.Platform, pid: number, env: NodeJS.ProcessEnv): KillPlan {
  if (platform !== 'win32') return { signalTo: -pid }
  const windows = env.SystemRoot ?? env.SYSTEMROOT ?? 'C:\\Windows'
  return {
    command: path.win32.join(windows, 'System32', 'taskkill.exe'),
    args: ['/PID', String(pid), '/T', '/F'],
  }
}

/** Ends a child's whole process group, or tree. Does nothing when it is gone. `wait` is for a process about to exit. */
export function killTree(pid: number, wait = false): void {
  const plan = killPlan(process.platform, pid, process.env)
  if ('command' in plan) {
    const options = { stdio: 'ignore', windowsHide: true } as const
    if (wait) spawnSync(plan.command, plan.args, options)
    else spawn(plan.command, plan.args, options).on('error', () => {})
    return
  }
  try {
    process.kill(plan.signalTo, 'SIGKILL')
  } catch {
    // ESRCH: nobody is left in the group.
  }
}
