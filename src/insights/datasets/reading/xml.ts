/** A parser of a spreadsheet's XML that holds no more than a little of it: no document type, no depth, no endless text or tag. */
import { SaxesParser } from 'saxes'
import { invalid, limit } from '../../../platform/errors.ts'

export interface Xml {
  write(text: string): void
  close(): void
}

export interface Hears {
  open?: (name: string, attributes: Record<string, string>) => void
  close?: (name: string) => void
  text?: (part: string) => void
}

const deepest = 100
const longestSilence = 4 * 1024 ** 2

/** @throws invalid or limit while it is written to, where the text is no spreadsheet's */
export function xmlReader({ open, close, text }: Hears): Xml {
  let depth = 0
  // What has been given without a tag that began or ended: the parser holds all of it.
  let silent = 0
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw invalid(`The spreadsheet cannot be read: ${error.message}. Save it again as .xlsx, or export CSV.`)
  })
  parser.on('doctype', () => {
    throw invalid('The spreadsheet declares a document type, which no spreadsheet program writes. It was not read.')
  })
  parser.on('opentag', ({ name, attributes }) => {
    silent = 0
    depth += 1
    if (depth > deepest)
      throw limit('The spreadsheet is nested deeper than any spreadsheet program writes. It was not read.')
    open?.(name, attributes as Record<string, string>)
  })
  parser.on('closetag', ({ name }) => {
    silent = 0
    depth -= 1
    close?.(name)
  })
  if (text) parser.on('text', text)
  return {
    write(part) {
      silent += part.length
      if (silent > longestSilence)
        throw limit(
          'The spreadsheet holds a text of more than 4 MB in one place. Export the sheet as CSV and import that.',
        )
      parser.write(part)
    },
    close: () => {
      parser.close()
    },
  }
}
