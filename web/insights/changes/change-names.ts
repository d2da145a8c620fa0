import type { Change } from '../../../src/insights/analyses/ground/change-rules.ts'

const kindNames = {
  new: 'New',
  reactivation: 'Came back',
  expansion: 'Expansion',
  contraction: 'Contraction',
  churn: 'Churn',
} as const

export const nameOf = (
  c: Pick<Change, 'rule'> & { feature?: string | null; segment?: string | null; kind?: Change['kind'] },
): string =>
  c.rule === 'movement'
    ? kindNames[c.kind!]
    : c.rule === 'renewals'
      ? 'Renewals ahead'
      : c.rule === 'stopped'
        ? `Stopped: ${c.feature}`
        : `${c.feature}, ${c.segment ?? 'all'}`
