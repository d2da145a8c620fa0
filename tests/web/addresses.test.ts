/** The server leads to pages that exist, and what stood elsewhere before is still found. */
import { expect, test } from 'vitest'
import { rooms } from '../../src/operations.ts'
import { addresses } from '../../src/platform/rooms/addresses.ts'
import { moved, pages } from '../../web/rooms.ts'

const paths = pages.map((page) => page.path)

test('every address that the server writes, and every page that can be shared, is a page of the web', () => {
  expect(Object.values(addresses).filter((path) => !paths.includes(path))).toEqual([])
  expect(
    rooms
      .flatMap((room) => room.shareables ?? [])
      .map((s) => s.path)
      .filter((path) => !paths.includes(path)),
  ).toEqual([])
})

test('no two pages share an address, and an address of before is no page and leads to one', () => {
  expect(paths.length).toBe(new Set(paths).size)
  expect(moved.filter(([from, to]) => paths.includes(from) || !paths.includes(to))).toEqual([])
})

test('a page without a tab stands beside one that has a tab', () => {
  const tabs = new Set(pages.filter((page) => page.tab).map((page) => `${page.place} ${page.part}`))
  expect(pages.filter((page) => !tabs.has(`${page.place} ${page.part}`)).map((page) => page.path)).toEqual([])
})
