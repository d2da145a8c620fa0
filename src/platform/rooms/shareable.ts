/** A page that can be shown to people who see nothing else of the analyses. */
import type { AnyOperation, WorkspaceContext } from '../operation.ts'

/** What a view gives beyond its aggregates. */
export interface Grants {
  /** The rows behind a figure, one for each of those it counts, without their names. */
  accounts: boolean
  names: boolean
  export: boolean
}

/** What one page asks, by the name of the operation. */
export interface Read {
  operation: string
  input: Record<string, unknown>
}

export interface Withheld {
  output: unknown
  /** Names of lines that are not shown, or not everywhere, each with what stands in its place. */
  names: ReadonlyMap<string, string>
  /** What is not shown and why, in a sentence; null where all is. */
  said: string | null
}

/** What of an answer is withheld where names are not granted. @throws forbidden where no line can be shown */
export type WithholdingRule = (output: unknown, input: Record<string, unknown>) => Withheld

export interface Shareable {
  path: string
  question: string
  /** Aggregates, each with what its page says by them. */
  analyses: readonly AnyOperation[]
  /** By the name of the analysis; an analysis without a rule keeps the product from starting. */
  withholding: ReadonlyMap<string, WithholdingRule>
  /** The rows behind its figures, what of their question the opener may choose, and the analysis that fixes the rest. */
  accounts: { operation: AnyOperation; of: AnyOperation; mayChoose: readonly string[] } | null
  /** Fields of those rows that say nothing of who it is; a field that is not here is withheld. */
  plainFields: ReadonlySet<string>
  /** What stands for a line that is withheld: `fewer than 3 accounts`. */
  fewWords: string
  /** @throws precondition where what the page groups by may name somebody and names are not granted */
  checkGroups: (context: WorkspaceContext, reads: readonly Read[], grants: Grants) => Promise<void>
  /** What its controls need to show the choices that were taken, without those that were not. */
  choices: (context: WorkspaceContext, reads: readonly Read[]) => Promise<unknown>
  /** How old its data are. */
  standing: (context: WorkspaceContext) => Promise<{ dataTo: string | null; month: string | null }>
  /** Reads what of it counts as published once it is shared; what it returns stores that, in the transaction of the sharing. */
  publish: (
    context: WorkspaceContext,
    reads: readonly Read[],
  ) => Promise<(tx: WorkspaceContext, place: string) => Promise<number>>
}
