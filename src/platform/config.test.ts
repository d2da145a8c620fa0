import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('a setting that is no number, or too small, is named with what would do; an empty one is as if it were absent', () => {
  const read = (env: Record<string, string>) => () => readConfig({}, env)
  expect(read({ THROUGHLINE_ANSWERS_MB: 'lots' })).toThrow(
    'THROUGHLINE_ANSWERS_MB must be a number of at least 0, not “lots”.',
  )
  expect(read({ THROUGHLINE_WAREHOUSE_THREADS: '0' })).toThrow(
    'THROUGHLINE_WAREHOUSE_THREADS must be a number of at least 1',
  )
  expect(read({ THROUGHLINE_WAREHOUSE_MEMORY_MB: '-5' })).toThrow('at least 1, not “-5”')
  expect(readConfig({}, { THROUGHLINE_ANSWERS_MB: '0' }).answersMb).toBe(0)
  expect(readConfig({}, { THROUGHLINE_ANSWERS_MB: '' }).answersMb).toBe(16)
})
