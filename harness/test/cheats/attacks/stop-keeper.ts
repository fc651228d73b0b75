process.kill(process.ppid, 'SIGSTOP')
export async function produceEvent(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 1000))
}
