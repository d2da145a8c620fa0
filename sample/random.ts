/** Deterministic randomness: every entity draws from a stream of its own, so that one change does not shift all others. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number from 0 to below `below`. */
  int(below: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** How often something that happens `mean` times on average happened (Knuth 1969, normal beyond 30). */
  poisson(mean: number): number
  normal(): number
}

/** sfc32 seeded by a hash of the parts (FNV-1a). */
export function random(...parts: (string | number)[]): Random {
  let h = 0x811c9dc5
  for (const char of parts.join('|')) h = Math.imul(h ^ char.charCodeAt(0), 0x01000193)
  let a = h >>> 0
  let b = (h ^ 0x9e3779b9) >>> 0
  let c = (h ^ 0x243f6a88) >>> 0
  let d = 1
  const next = () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return (t >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i += 1) next()
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    next,
    normal,
    int: (below) => Math.floor(next() * below),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    poisson(mean) {
      if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
      const floor = Math.exp(-mean)
      let n = 0
      for (let product = next(); product > floor; product *= next()) n += 1
      return n
    },
  }
}
