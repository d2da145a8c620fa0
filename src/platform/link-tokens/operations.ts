import { z } from 'zod'
import { linkOperation } from '../operation.ts'

export const openLink = linkOperation({
  name: 'links.open',
  summary: 'What a link is for, so that its page can be shown',
  kind: 'read',
  link: { purpose: null, audit: 'none', example: () => ({ kind: 'example', id: 'example' }) },
  command: false,
  input: z.object({}),
  output: z.object({ purpose: z.string() }),
  example: () => ({}),
  run: async ({ link }) => ({ purpose: link.purpose }),
})
