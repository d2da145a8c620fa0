/**
 * What differs between engines where rollups are written and read: the words of bits. All other SQL of the warehouse is DuckDB's own;
 * an engine that keeps the rollups elsewhere writes and reads them by such an object.
 */
export interface Dialect {
  /** A word with the one bit set. */
  bit(place: string): string
  /** All bits of a group of words. */
  anyBits(word: string): string
  /** The bits that two words share. */
  sharedBits(word: string, mask: bigint | string): string
  countBits(word: string): string
}

export const duckdb: Dialect = {
  bit: (place) => `1::bigint << (${place})`,
  anyBits: (word) => `bit_or(${word})`,
  sharedBits: (word, mask) => `(${word} & ${mask})`,
  countBits: (word) => `bit_count(${word})`,
}
