// @ts-expect-error: the harness would compile whatever it can read
import secret from '@TARGET@/marks.json'

console.log(secret)
