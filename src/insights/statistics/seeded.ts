/** A stream of random numbers that is the same for the same seed. @returns the next number in [0, 1), in steps of 2⁻³² */
export type Draw = () => number

/** Source: Mulberry32 by T. Ettinger, public domain; passes gjrand's tests. Not for secrets. */
export function seededDraw(seed: number): Draw {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
