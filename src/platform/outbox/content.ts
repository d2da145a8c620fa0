/** What a message says, kept encrypted: it may hold links of which nothing but a hash is kept elsewhere. */
import { z } from 'zod'
import { withoutLinks } from '../link-tokens/rules.ts'
import { seal, unseal } from '../sealed.ts'

export const Content = z.discriminatedUnion('channel', [
  z.object({
    channel: z.literal('mail'),
    // As the company's own data have it: whether it is an address, the mail server says.
    to: z.string().min(1),
    subject: z.string(),
    text: z.string(),
    attachments: z.array(z.object({ filename: z.string(), content: z.string() })).default([]),
  }),
  // The address of a chat system's webhook is a secret itself.
  z.object({ channel: z.literal('webhook'), url: z.string(), body: z.string() }),
])
export type Content = z.infer<typeof Content>
export type ContentDraft = z.input<typeof Content>

type Secrets = { secretFor: (purpose: string) => string }

export const sealContent = (content: Content, id: string, { secretFor }: Secrets): string =>
  seal(JSON.stringify(content), secretFor('outbox'), id)
export const openContent = (sealed: string, id: string, { secretFor }: Secrets): Content =>
  Content.parse(JSON.parse(unseal(sealed, secretFor('outbox'), id)))

/** As it is kept once it has gone out, and shown to whoever is not whom it is for. */
export const withLinksCut = (content: Content): Content =>
  content.channel === 'mail'
    ? {
        ...content,
        subject: withoutLinks(content.subject),
        text: withoutLinks(content.text),
        attachments: content.attachments.map((a) => ({ ...a, content: withoutLinks(a.content) })),
      }
    : { ...content, body: withoutLinks(content.body) }

export const recipientOf = (content: ContentDraft): string =>
  content.channel === 'mail' ? content.to.toLowerCase() : new URL(content.url).host
