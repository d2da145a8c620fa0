import { z } from 'zod'
import { VersionNumber } from '../../platform/field-types.ts'
import { isAllowed } from '../../platform/auth/permissions.ts'
import { operation } from '../../platform/operation.ts'
import { defaultSegment, readAttributes } from '../analyses/ground/attributes.ts'
import { listOut, outFolderOf } from './files.ts'
import { findOut, grantStatement, outSettings } from './queries.ts'
import { allAccounts, checkSegmentBys, schemaOf, segmentationsOf } from './rules.ts'
import { outColumns, OutSetting, OutState } from './schemas.ts'
import { inWarehouse } from '../../platform/warehouse/in-warehouse.ts'

export const getOut = operation({
  name: 'insights.out.get',
  summary: 'The table of figures for other tools: when it is written, where it lies, what it holds',
  kind: 'read',
  may: 'insights:read',
  restsOn: ['data'],
  input: z.object({}),
  output: OutState,
  example: () => ({}),
  async run(context) {
    const { db, scope, services } = context
    const { setBy: _, written, version, ...setting } = await findOut(db, scope)
    const folder = outFolderOf(services, scope.slug)
    const schema = schemaOf(scope.slug)
    const attributes = await inWarehouse(context, readAttributes)
    const segmentations = segmentationsOf(attributes, defaultSegment(attributes) ?? 'arr', setting.segmentBys)
    return {
      setting: { ...setting, version },
      segmentations: segmentations.map((s) => s.by ?? allAccounts),
      files: await listOut(folder),
      folder: isAllowed(scope.role, 'insights:edit') ? folder : null,
      choices: [
        ...segmentationsOf(
          attributes,
          null,
          attributes.map((a) => a.key),
        ).flatMap((s) =>
          s.by === null ? [] : [{ key: s.by, values: attributes.find((a) => a.key === s.by)!.values }],
        ),
        { key: 'arr', values: 3 },
      ],
      written: written ? { ...written, at: written.at.toISOString() } : null,
      columns: outColumns.map(({ name, meaning }) => ({ name, meaning })),
      sql: services.isEmbedded
        ? null
        : { view: `"${schema}".metric_values`, latest: `"${schema}".latest_values`, grant: grantStatement(schema) },
    }
  },
})

export const setOut = operation({
  name: 'insights.out.set',
  summary: 'When the table of figures is written, and by what it is cut',
  kind: 'write',
  may: 'insights:edit',
  input: OutSetting.extend({ version: VersionNumber }),
  output: z.object({ version: z.int() }),
  example: () => ({ mode: 'daily' as const, dailyAt: '06:00', segmentBys: [], version: 0 }),
  target: (input) => (input.mode === 'daily' ? `daily at ${input.dailyAt} UTC` : input.mode),
  prepare: (context) => inWarehouse(context, readAttributes),
  async run(context, { version, ...setting }, attributes) {
    checkSegmentBys(setting.segmentBys, attributes)
    const { db, scope, actor } = context
    const current = async () => {
      const { setBy: _, written: __, ...found } = await findOut(db, scope)
      return found
    }
    const change = { ...setting, setBy: actor.userId, lastDue: null }
    const changed = await outSettings.changeAtVersion(context, { version, given: setting }, change, current)
    return { version: changed }
  },
})

export const writeOutOperation = operation({
  name: 'insights.out.write',
  summary: 'Write the table of figures now',
  kind: 'write',
  may: 'insights:edit',
  input: z.object({}),
  output: z.object({ jobId: z.string() }),
  example: () => ({}),
  async run({ db, scope, services, actor }) {
    return {
      jobId: await services.jobs.enqueue(db, {
        workspaceId: scope.workspaceId,
        kind: 'insights.out',
        input: {},
        createdBy: actor.userId,
      }),
    }
  },
})
