import { expect, test } from 'vitest'
import { withHeading, wrap } from '../../web/ui/picture.ts'

const chart = '<svg width="320" height="100" viewBox="0 0 320 100"><rect/></svg>'
const colours = { ink: '#000', faint: '#666', body: '#fff' }

test('a chart that is taken away says above itself what the page says there, with room for it', () => {
  const picture = withHeading(chart, {
    title: 'Boards & Reports are used by <10 accounts, which is too few for a rate of any kind',
    subtitle: 'Share of entitled accounts',
    colours,
  })
  expect(picture).toContain('Boards &amp; Reports')
  expect(picture).toContain('&lt;10')
  expect(picture).toContain('Share of entitled accounts')
  expect(picture.match(/<text/g)).toHaveLength(4)
  const [width, height] = /^<svg[^>]* width="(\d+)" height="(\d+)"/.exec(picture)!.slice(1).map(Number)
  const top = Number(/<svg x="16" y="(\d+)"/.exec(picture)![1])
  expect([width! - 320, height! - 100]).toEqual([32, top + 16])
})

test('words are kept whole, also one that is longer than the line', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrap('incomprehensibilities one', 7)).toEqual(['incomprehensibilities', 'one'])
})
