const hooks = globalThis as unknown as Record<string, ((name: string, run: () => void) => void) | undefined>
for (let number = 0; number < 50; number++) hooks.test?.(`passes ${number}`, () => {})
hooks.it?.('passes', () => {})
