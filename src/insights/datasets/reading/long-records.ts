/**
 * DuckDB 1.5 rejects a record above max_line_size, but drops one above its buffer without a word. So records that long are
 * looked for first, by whole blocks without a line end or without a quote, which costs little more than reading the file.
 */
import { open } from 'node:fs/promises'
import { invalid } from '../../../platform/errors.ts'

const blockBytes = 1 << 20
const lineFeed = 0x0a

export async function verifyRecords(path: string, quote: string, signal?: AbortSignal): Promise<void> {
  const mark = quote.charCodeAt(0)
  let withoutLine = 0
  let withoutQuote = 0
  let isQuoted = false
  let mayBeOpen = false
  await eachBlock(path, (block, at) => {
    signal?.throwIfAborted()
    withoutLine = block.includes(lineFeed) ? 0 : withoutLine + 1
    if (withoutLine > 2)
      throw invalid(
        `About ${megabytes(at)} into the file a line is longer than 2 MB. A quote may be open, or this is not a CSV file.`,
      )
    if (block.includes(mark)) {
      isQuoted = true
      withoutQuote = 0
    } else withoutQuote += 1
    if (isQuoted && withoutQuote > 2) mayBeOpen = true
  })
  if (mayBeOpen) await verifyQuotes(path, mark)
}

/** An odd number of quotes before a long stretch without any: that stretch is inside one value. */
async function verifyQuotes(path: string, mark: number): Promise<void> {
  let isInside = false
  let last = 0
  await eachBlock(path, (block, at) => {
    for (let found = block.indexOf(mark); found >= 0; found = block.indexOf(mark, found + 1)) {
      isInside = !isInside
      last = at + found
    }
    if (isInside && at + block.length - last > 2 * blockBytes)
      throw invalid(`About ${megabytes(last)} into the file a quote is opened and not closed for more than 2 MB.`)
  })
}

const megabytes = (bytes: number) => `${(bytes / blockBytes).toLocaleString('en-GB', { maximumFractionDigits: 1 })} MB`

async function eachBlock(path: string, work: (block: Buffer, at: number) => void): Promise<void> {
  const handle = await open(path, 'r')
  try {
    const buffer = Buffer.allocUnsafe(blockBytes)
    for (let at = 0; ;) {
      const { bytesRead } = await handle.read(buffer, 0, blockBytes, at)
      if (bytesRead === 0) return
      work(buffer.subarray(0, bytesRead), at)
      at += bytesRead
    }
  } finally {
    await handle.close()
  }
}
