import path from 'node:path'

/**
 * Where a file lies inside a folder, with forward slashes, as results and messages have it; null when it lies elsewhere, as
 * on another drive of Windows. `platform` is `path.win32` in tests.
 */
export function pathInside(
  folder: string,
  file: string,
  platform: Pick<typeof path, 'relative' | 'isAbsolute' | 'sep'> = path,
): string | null {
  const relative = platform.relative(folder, file)
  const isOutside =
    relative === '..' || relative.startsWith(`..${platform.sep}`) || platform.isAbsolute(relative)
  return isOutside ? null : relative.split(platform.sep).join('/')
}
