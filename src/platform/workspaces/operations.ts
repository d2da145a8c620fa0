import { z } from 'zod'
import { VersionNumber } from '../field-types.ts'
import { roles } from '../auth/permissions.ts'
import { newId } from '../ids.ts'
import { operation, type WorkspaceContext } from '../operation.ts'
import { addMember, findSlugs, findWorkspace, insertWorkspace, workspacesOf, workspaceSettings } from './queries.ts'
import { slugFor } from './rules.ts'

export const WorkspaceSummary = z.object({
  slug: z.string(),
  name: z.string(),
  currency: z.string(),
  kind: z.enum(['own', 'sample']),
  role: z.enum(roles),
  permissions: z.array(z.string()),
})

export const getSession = operation({
  name: 'session.get',
  summary: 'Who is signed in, and their workspaces',
  kind: 'read',
  may: 'public',
  command: false,
  input: z.object({}),
  output: z.object({
    person: z.object({ id: z.string(), name: z.string(), email: z.string(), isOwner: z.boolean() }).nullable(),
    workspaces: z.array(WorkspaceSummary),
  }),
  example: () => ({}),
  async run({ db, services, actor }) {
    if (!actor) return { person: null, workspaces: [] }
    const workspaces = await workspacesOf(db, actor.userId)
    return {
      person: { id: actor.userId, name: actor.name, email: actor.email, isOwner: actor.isOwner },
      workspaces: workspaces.map((w) => ({
        slug: w.slug,
        name: w.name,
        currency: w.currency,
        kind: w.kind,
        role: w.role,
        permissions: [...services.rooms.rights.get(w.role)!],
      })),
    }
  },
})

export const createWorkspace = operation({
  name: 'workspaces.create',
  summary: 'Make a workspace; its maker becomes its admin',
  kind: 'write',
  may: 'owner',
  input: z.object({
    name: z.string().trim().min(1).max(80),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'an ISO code such as EUR')
      .default('EUR'),
  }),
  output: z.object({ slug: z.string(), id: z.string() }),
  example: () => ({ name: 'Example company', currency: 'EUR' }),
  target: (_, output) => output?.slug ?? null,
  async run({ db, actor, now }, { name, currency }) {
    const slug = slugFor(name, await findSlugs(db, slugFor(name, [])))
    const id = newId(now().getTime())
    await insertWorkspace(db, { id, slug, name, currency, kind: 'own', version: 1, createdAt: now() })
    await addMember(db, { workspaceId: id, userId: actor.userId, role: 'admin', joinedAt: now() })
    return { slug, id }
  },
})

const WorkspaceView = z.object({
  slug: z.string(),
  name: z.string(),
  currency: z.string(),
  kind: z.enum(['own', 'sample']),
  version: z.int(),
})

async function shown({ db, scope }: WorkspaceContext): Promise<z.infer<typeof WorkspaceView>> {
  const { id: _, ...workspace } = (await findWorkspace(db, scope.workspaceId))!
  return workspace
}

export const getWorkspace = operation({
  name: 'workspaces.get',
  summary: 'The workspace: name, currency, version',
  kind: 'read',
  may: 'workspace:read',
  restsOn: [],
  input: z.object({}),
  output: WorkspaceView,
  example: () => ({}),
  run: (context) => shown(context),
})

export const renameWorkspace = operation({
  name: 'workspaces.rename',
  summary: 'Give the workspace another name',
  kind: 'write',
  may: 'workspace:admin',
  input: z.object({ name: z.string().trim().min(1).max(80), version: VersionNumber }),
  output: z.object({ version: z.int() }),
  example: () => ({ name: 'Another name', version: 1 }),
  target: (input) => input.name,
  async run(context, { name, version }) {
    const known = { version, given: { name } }
    const changed = await workspaceSettings.changeAtVersion(context, known, { name }, () => shown(context))
    return { version: changed }
  },
})
