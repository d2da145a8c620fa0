import { expect, test } from 'vitest'
import { z } from 'zod'
import { entered, withoutUnseen } from './entered-text.ts'
import { parseInput } from './operation.ts'

test('signs that nobody sees are left out at the ends of a text, and kept within it', () => {
  const kept = {
    '\uFEFFname': 'name',
    '\u200B \uFEFF name \u2060': ' name ',
    'a\u200Bb': 'a\u200Bb',
    '👩\u200D💻': '👩\u200D💻',
    '  as it is ': '  as it is ',
    '\u200E': '',
    ' \u200B ': ' ',
  }
  for (const [text, stays] of Object.entries(kept)) expect(withoutUnseen(text)).toBe(stays)
  expect(entered({ list: ['\uFEFFx', { deep: 'y\u200B' }], n: 1, none: null })).toEqual({
    list: ['x', { deep: 'y' }],
    n: 1,
    none: null,
  })
  expect(entered({ password: '\u200Bas typed' })).toEqual({ password: '\u200Bas typed' })
})

test('a text of signs that nobody sees is an empty one, so that no rule is made of it', () => {
  const Rule = z.object({ value: z.string().min(1) })
  for (const value of ['\uFEFF', '\u200B', '\u2060\uFEFF'])
    expect(() => parseInput(Rule, { value })).toThrow('at least 1 character')
})

test('as many of them as an input may hold are gone through once', () => {
  const many = '\u200B'.repeat(1_300_000)
  expect(entered(`${many}x${many}y`)).toBe(`x${many}y`)
  expect(entered(`x \u200B \u200B `)).toBe('x ')
  expect(entered(` \u200B \u200B x`)).toBe(' x')
})

test('a NUL character and half a character are refused in values and in names, by where they stand', () => {
  expect(() => entered({ a: { b: ['x\0y'] } })).toThrow('“a.b.0” holds a NUL')
  expect(() => entered({ '\0': 1 })).toThrow('The input holds a NUL')
  expect(() => entered({ a: 'x\uD800' })).toThrow('“a” holds half of a character')
  expect(() => entered({ a: { '\uDC00': 1 } })).toThrow('“a” holds half of a character')
  expect(entered({ a: '\\u0000', b: '😀' })).toEqual({ a: '\\u0000', b: '😀' })
})

test('what is nested too deep is refused before anything follows it down', () => {
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown
  expect(() => entered(deep)).toThrow('40 levels')
})
