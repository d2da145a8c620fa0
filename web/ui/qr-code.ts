/** A QR code of text, as ISO/IEC 18004 has it: bytes, error correction of level M, versions 1 to 20. */

const correctionPerBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26]
const blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16]

/** @returns the modules row by row, true where it is dark @throws where the text is longer than a code of version 20 holds */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text)
  const version = blocks.findIndex((_, i) => bytes.length + (i < 9 ? 2 : 3) <= dataSize(i + 1)) + 1
  if (version === 0) throw new Error('The text is too long for a QR code.')
  const frame = frameOf(version)
  place(frame, codewords(bytes, version))
  const tried = masks.map((_, mask) => masked(frame, version, mask))
  return tried.reduce((best, next) => (penalty(next) < penalty(best) ? next : best))
}

const rawSize = (version: number): number => {
  const alignments = version > 1 ? Math.floor(version / 7) + 2 : 0
  const bits =
    (16 * version + 128) * version +
    64 -
    (version > 1 ? (25 * alignments - 10) * alignments - 55 : 0) -
    (version > 6 ? 36 : 0)
  return Math.floor(bits / 8)
}
const dataSize = (version: number): number => rawSize(version) - correctionPerBlock[version - 1]! * blocks[version - 1]!

/** Mode, length, bytes and padding, cut into blocks, each with its error correction, interleaved. */
function codewords(bytes: Uint8Array, version: number): number[] {
  const size = dataSize(version)
  const bits = [
    '0100',
    bytes.length.toString(2).padStart(version < 10 ? 8 : 16, '0'),
    ...[...bytes].map((byte) => byte.toString(2).padStart(8, '0')),
  ].join('')
  const filled = bits.padEnd(Math.min(size * 8, Math.ceil((bits.length + 4) / 8) * 8), '0')
  const data = filled.match(/.{8}/g)!.map((byte) => parseInt(byte, 2))
  for (let pad = 0xec; data.length < size; pad ^= 0xec ^ 0x11) data.push(pad)

  const count = blocks[version - 1]!
  const correction = correctionPerBlock[version - 1]!
  const short = Math.floor(size / count)
  const shortOnes = count - (size % count)
  const parts: number[][] = []
  for (let i = 0, at = 0; i < count; i += 1) {
    const end = at + short + (i < shortOnes ? 0 : 1)
    parts.push(data.slice(at, end))
    at = end
  }
  const corrections = parts.map((part) => remainder(part, generator(correction)))
  const woven: number[] = []
  for (let i = 0; i <= short; i += 1) for (const part of parts) if (i < part.length) woven.push(part[i]!)
  for (let i = 0; i < correction; i += 1) for (const part of corrections) woven.push(part[i]!)
  return woven
}

/** In the field of 256 elements over 0x11d. */
function times(a: number, b: number): number {
  let product = 0
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((b >>> bit) & 1) * a
  }
  return product
}

function generator(degree: number): number[] {
  const polynomial = [...Array<number>(degree - 1).fill(0), 1]
  for (let i = 0, root = 1; i < degree; i += 1, root = times(root, 2))
    for (let j = 0; j < degree; j += 1) polynomial[j] = times(polynomial[j]!, root) ^ (polynomial[j + 1] ?? 0)
  return polynomial
}

function remainder(data: readonly number[], divisor: readonly number[]): number[] {
  const rest = divisor.map(() => 0)
  for (const byte of data) {
    const factor = byte ^ rest.shift()!
    rest.push(0)
    divisor.forEach((coefficient, i) => {
      rest[i] = rest[i]! ^ times(coefficient, factor)
    })
  }
  return rest
}

interface Frame {
  size: number
  dark: boolean[][]
  /** Modules of the frame itself, which no data and no mask touches. */
  isFixed: boolean[][]
}

function frameOf(version: number): Frame {
  const size = version * 4 + 17
  const grid = () => Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  const frame: Frame = { size, dark: grid(), isFixed: grid() }
  const set = (x: number, y: number, isDark: boolean) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return
    frame.dark[y]![x] = isDark
    frame.isFixed[y]![x] = true
  }
  for (let i = 0; i < size; i += 1) {
    set(6, i, i % 2 === 0)
    set(i, 6, i % 2 === 0)
  }
  const square = (x: number, y: number, radius: number, isDark: (distance: number) => boolean) => {
    for (let dy = -radius; dy <= radius; dy += 1)
      for (let dx = -radius; dx <= radius; dx += 1) set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))))
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(x, y, 4, (distance) => distance !== 2 && distance !== 4)
  const places = alignmentPlaces(version)
  for (const x of places)
    for (const y of places) if (!isCorner(x, y, size)) square(x, y, 2, (distance) => distance !== 1)
  setFormat(frame, 0)
  if (version > 6) setVersion(set, version, size)
  return frame
}

const isCorner = (x: number, y: number, size: number) =>
  (x === 6 && y === 6) || (x === 6 && y === size - 7) || (x === size - 7 && y === 6)

function alignmentPlaces(version: number): number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2
  const places = Array.from({ length: count - 1 }, (_, i) => version * 4 + 10 - i * step)
  return [6, ...places.reverse()]
}

function setVersion(set: (x: number, y: number, isDark: boolean) => void, version: number, size: number): void {
  let rest = version
  for (let i = 0; i < 12; i += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25)
  const bits = (version << 12) | rest
  for (let i = 0; i < 18; i += 1) {
    const isDark = ((bits >>> i) & 1) === 1
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)]
    set(a, b, isDark)
    set(b, a, isDark)
  }
}

/** Level M and the mask, twice, with its own error correction. */
function setFormat({ size, dark, isFixed }: Frame, mask: number): void {
  let rest = mask
  for (let i = 0; i < 10; i += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537)
  const bits = ((mask << 10) | rest) ^ 0x5412
  const set = (x: number, y: number, isDark: boolean) => {
    dark[y]![x] = isDark
    isFixed[y]![x] = true
  }
  const bit = (i: number) => ((bits >>> i) & 1) === 1
  for (let i = 0; i < 6; i += 1) set(8, i, bit(i))
  set(8, 7, bit(6))
  set(8, 8, bit(7))
  set(7, 8, bit(8))
  for (let i = 9; i < 15; i += 1) set(14 - i, 8, bit(i))
  for (let i = 0; i < 8; i += 1) set(size - 1 - i, 8, bit(i))
  for (let i = 8; i < 15; i += 1) set(8, size - 15 + i, bit(i))
  set(8, size - 8, true)
}

/** In columns of two from the right, up and down by turns. */
function place({ size, dark, isFixed }: Frame, words: readonly number[]): void {
  let at = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step += 1)
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step
        if (isFixed[y]![x] || at >= words.length * 8) continue
        dark[y]![x] = ((words[at >>> 3]! >>> (7 - (at & 7))) & 1) === 1
        at += 1
      }
  }
}

const masks: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

function masked(frame: Frame, version: number, mask: number): boolean[][] {
  const dark = frame.dark.map((row, y) =>
    row.map((isDark, x) => (frame.isFixed[y]![x] ? isDark : isDark !== masks[mask]!(x, y))),
  )
  setFormat({ size: version * 4 + 17, dark, isFixed: frame.isFixed }, mask)
  return dark
}

/** What makes a code hard to read: long runs, blocks, patterns like the corners, too much of one shade. */
function penalty(dark: readonly (readonly boolean[])[]): number {
  const size = dark.length
  const columns = dark.map((_, x) => dark.map((row) => row[x]!))
  let points = 0
  for (const line of [...dark, ...columns]) {
    const text = line.map((isDark) => (isDark ? '1' : '0')).join('')
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) points += run.length - 2
    points += 40 * [...text.matchAll(/(?=10111010000|00001011101)/g)].length
  }
  for (let y = 1; y < size; y += 1)
    for (let x = 1; x < size; x += 1)
      if ([dark[y - 1]![x], dark[y]![x - 1], dark[y - 1]![x - 1]].every((one) => one === dark[y]![x])) points += 3
  const share = dark.flat().filter(Boolean).length / (size * size)
  return points + 10 * Math.floor(Math.abs(share - 0.5) * 20)
}
