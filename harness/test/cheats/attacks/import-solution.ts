// @ts-expect-error: there is no such file until it is judged
export * from '@SOLUTION@'
