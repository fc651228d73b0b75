import { expect, test, vi } from 'vitest'
import { WorkbookError } from '../../errors.ts'
import { launch } from '../../kafka/container-launch.ts'
import type { Engine } from '../../kafka/engine.ts'

vi.mock('testcontainers', () => ({
  getContainerRuntimeClient: () => Promise.reject(new Error('Could not find a working runtime strategy')),
}))

test('an engine that testcontainers does not find is told in a sentence, so that another broker can be used', async () => {
  const launched = launch({} as Engine, '/nowhere', 1)
  await expect(launched).rejects.toBeInstanceOf(WorkbookError)
  await expect(launched).rejects.toThrow(/finds no container engine: Could not find a working/)
})
