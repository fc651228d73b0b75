// @ts-expect-error: there is no such file until it is judged
export * from '../../workbook/solutions/05-partition-for-key/partition-for-key.ts'
