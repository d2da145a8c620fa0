/** Clocks, figures and the machine. Variants that are compared take turns, so that what else the machine does falls on all of them. */
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import duckdb from '@duckdb/node-api'
import { findBinaries } from '../tests/support/postgres-server.ts'

/** `met` null: stated without a promise, or a promise of the full size only, or skipped; the note says which. */
export interface Row {
  what: string
  figure: string
  target: string
  met: boolean | null
  note: string
}
export interface Run {
  isFull: boolean
  /** Where companies are made, once for all promises that read them. */ folder: string
}
export type Bench = (run: Run) => Promise<Row[]>

export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!
}
/** For servers that are measured: each question is answered from the data, as for the first who asks it. */
export const nothingKept = { THROUGHLINE_ANSWERS_MB: '0' }

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/** Runs each variant once to warm up, then all in turn. @returns the times of each, in ms */
export async function inTurn<K extends string>(
  rounds: number,
  variants: Record<K, () => Promise<unknown>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(variants) as K[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  for (const name of names) await variants[name]()
  for (let round = 0; round < rounds; round += 1)
    for (const name of round % 2 === 0 ? names : names.toReversed()) times[name].push(await timed(variants[name]))
  return times
}

/** A promise that is made for the full size; at the quick size its figure is only stated. */
export const atFullSize = (isFull: boolean, met: boolean, note: string): Pick<Row, 'met' | 'note'> =>
  isFull ? { met, note } : { met: null, note: `promised at the full size; ${note}` }

export const ms = (n: number): string =>
  n >= 10_000 ? `${(n / 1000).toFixed(1)} s` : `${n.toFixed(n < 10 ? 1 : 0)} ms`
export const times = (n: number): string => `${n.toFixed(n < 10 ? 2 : 1)}×`
export const share = (n: number): string => `${(n * 100).toFixed(n < 0.1 ? 1 : 0)} %`
export const millions = (n: number): string => `${(n / 1e6).toLocaleString('en-GB')}M`

export function machine(): string {
  const binaries = findBinaries()
  const postgres = binaries
    ? /[\d.]+/.exec(execFileSync(`${binaries}/postgres`, ['--version'], { encoding: 'utf8' }))![0]
    : null
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 1024 ** 3)} GB; ${process.platform} ${process.arch}, Node ${process.versions.node}, DuckDB ${duckdb.version().replace(/^v/, '')}${postgres ? `, PostgreSQL ${postgres}` : ', no PostgreSQL'}`
}
