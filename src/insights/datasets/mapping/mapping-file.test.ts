import { expect, test } from 'vitest'
import { datasets } from '../declared/list.ts'
import { isProductError } from '../../../platform/errors.ts'
import { readMapping } from './mapping-file.ts'

const saidOf = (text: string): string => {
  try {
    readMapping(text, datasets)
    return 'read'
  } catch (error) {
    if (isProductError(error) && error.code === 'invalid') return error.message
    throw error
  }
}

test.each([
  ['dataset: users\nsource: *s\nfields: {}', /alias \(\*s\) at line 2/],
  ['a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\ndataset: users', /alias \(\*a\) at line 2/],
  ['dataset: [users\nsource: x', /not YAML at line \d/],
  ['dataset: users\n\tsource: x', /not YAML at line 2/],
  ['a: 1\na: 2', /not YAML at line 2/],
  ['dataset: users\n---\ndataset: users', /not YAML/],
  ['['.repeat(50_000), /not YAML/],
  ['x: '.repeat(20_000), /not YAML/],
  [`${'- '.repeat(5000)}x`, /not YAML|empty|nested/],
  ['', /is empty/],
  ['- a', /is empty/],
  ['just words', /is empty/],
  ['dataset: users\nsource: product\nfields: words', /“fields|needs|Account id/],
  ['x'.repeat(1_000_001), /larger than 1 MB/],
])('%# a mapping that cannot be read is told as such, by its line', (text, message) => {
  expect(saidOf(text)).toMatch(message)
})
