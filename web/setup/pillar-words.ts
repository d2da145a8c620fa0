import type { Pillar } from '../../src/setup/taxonomy.ts'

export const pillarNames: Record<Pillar, string> = {
  data: 'Business and data insights',
  process: 'Process and practices',
  customer: 'Customer and market insights',
}
