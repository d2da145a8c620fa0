/** What the holder of a link may touch: one thing, for one purpose. */
declare const held: unique symbol

export interface LinkSubject {
  kind: string
  id: string
}

/**
 * Not a `Scope`: no query of a workspace takes it, so that a link reaches what was written for links and nothing else.
 * Only `perform` makes one, of a token that it has just looked up.
 */
export interface LinkScope {
  readonly workspaceId: string
  readonly purpose: string
  readonly subject: LinkSubject
  readonly tokenId: string
  readonly [held]: true
}

export const proveLink = (scope: Omit<LinkScope, typeof held>): LinkScope => scope as LinkScope
