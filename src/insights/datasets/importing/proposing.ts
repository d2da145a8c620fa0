/** How a file may be mapped: shown to a person who decides, or told as far as nobody has to. */
import { z } from 'zod'
import type { Upload } from '../../../platform/files/queries/uploads.ts'
import { operation, type WorkspaceContext } from '../../../platform/operation.ts'
import type { Connection } from '../../../platform/warehouse/warehouses.ts'
import type { DatasetDeclaration, Datasets } from '../declaration.ts'
import { datasetsOf } from '../handed.ts'
import { needDataset } from '../known.ts'
import { printMapping } from '../mapping/mapping-file.ts'
import { guessDatasets, proposeFields, questionsOf } from '../mapping/propose.ts'
import { listMappings, signatureOf, type SavedMapping } from '../mapping/queries.ts'
import { settleMapping } from '../mapping/settle.ts'
import { sampleColumns, type LookedFor, type SourceFile } from '../reading/source.ts'
import {
  Dataset,
  FileOptions,
  Preview,
  ProposedMapping,
  Source,
  type Mapping,
  type ProposedField,
  type SourceColumn,
} from '../schemas.ts'
import { withSource } from './uploaded.ts'

/** Whether the amount is per year, per month or for the term stands in its column's name or has to be asked. */
const amountWords: [RegExp, 'mrr' | 'arr' | 'total'][] = [
  [/mrr|month/i, 'mrr'],
  [/(?<![a-z])arr(?![a-z])|annual|acv|year/i, 'arr'],
  [/tcv|total/i, 'total'],
]

const FileToMap = z.object({
  uploadId: z.uuid(),
  dataset: Dataset.optional(),
  source: Source.optional().describe('whose ids the file speaks: crm, billing, product …'),
  file: FileOptions.default({}),
})

interface Found {
  dataset: DatasetDeclaration
  columns: SourceColumn[]
  rows: (string | null)[][]
  guesses: { dataset: Dataset; confidence: number }[]
  saved: SavedMapping | null
  proposals: ProposedField[]
  mapping: Mapping
}

/**
 * Opens the file at the columns of a saved mapping, on whatever sheet and wherever in its first lines they stand, and finds its
 * mapping. Where a person says how many lines are above the header, or which sheet it is, that holds.
 */
async function withMapping<T>(
  context: WorkspaceContext,
  { uploadId, file, dataset, source: speaker }: z.output<typeof FileToMap>,
  work: (found: Found, source: SourceFile, upload: Upload) => T,
): Promise<T> {
  const datasets = datasetsOf(context.services)
  if (dataset) needDataset(datasets, dataset)
  const saved = (await listMappings(context.db, context.scope)).filter(({ mapping }) =>
    dataset ? mapping.dataset === dataset : datasets.some((d) => d.name === mapping.dataset),
  )
  const signatures = new Set(saved.map((m) => m.headerSignature))
  const known: LookedFor = {
    isHeader: (names) => file.skipLines !== undefined || signatures.has(signatureOf(names.map((name) => ({ name })))),
    sheets: new Set(saved.flatMap((m) => m.mapping.file.sheet ?? [])),
  }
  return withSource(
    context,
    uploadId,
    file,
    async (con, source, upload) =>
      work(await findMapping(con, source, saved, { datasets, dataset, speaker }), source, upload),
    known,
  )
}

/** The mapping that files of these columns came in by before, of this source where there is one, else what the columns propose. */
async function findMapping(
  con: Connection,
  source: SourceFile,
  known: readonly SavedMapping[],
  { datasets, dataset, speaker }: { datasets: Datasets; dataset: Dataset | undefined; speaker: string | undefined },
): Promise<Found> {
  const { columns, rows } = await sampleColumns(con, source)
  const guesses = guessDatasets(datasets, columns)
  const fitting = known.filter((m) => m.headerSignature === signatureOf(columns))
  const saved = fitting.find((m) => m.mapping.source === speaker) ?? fitting[0] ?? null
  const chosen = needDataset(datasets, dataset ?? saved?.mapping.dataset ?? guesses[0]!.dataset)
  const proposals = proposeFields(chosen, columns)
  const amount = proposals.find((p) => p.field === 'amount')?.source.column ?? ''
  const { lineEnd: _, sheets: __, ...detected } = source.file
  const mapping: Mapping = saved?.mapping ?? {
    dataset: chosen.name,
    source: speaker ?? chosen.source,
    file: detected,
    fields: Object.fromEntries(proposals.map((p) => [p.field, p.source])),
    ...(chosen.keys.includes('amountIs') ? { amountIs: amountWords.find(([word]) => word.test(amount))?.[1] } : {}),
  }
  return {
    dataset: chosen,
    columns,
    rows,
    guesses,
    saved,
    proposals,
    // As many lines as are above the header in this file, not in the one before.
    mapping: {
      ...mapping,
      source: speaker ?? mapping.source,
      file: { ...mapping.file, ...detected, skipLines: detected.skipLines },
    },
  }
}

export const previewFile = operation({
  name: 'insights.datasets.preview',
  summary: 'What a file holds, and a mapping proposed for it',
  kind: 'read',
  may: 'insights:edit',
  input: FileToMap,
  output: Preview,
  example: (f) => ({ uploadId: f['uploadId']! }),
  async run(context, input) {
    return withMapping(
      context,
      input,
      ({ dataset, columns, rows, guesses, saved, proposals, mapping }, source, upload) => {
        return {
          uploadId: upload.id,
          fileName: upload.name,
          sizeBytes: upload.sizeBytes,
          file: { ...source.file, rowsEstimated: source.rowsEstimated },
          columns: columns.map((c) => ({ ...c, samples: c.samples.slice(0, 5) })),
          rows,
          datasetGuesses: guesses,
          mapping,
          proposals,
          questions: questionsOf(dataset, mapping, columns, source.file.format),
          savedMapping: saved ? { id: saved.id, name: saved.name } : null,
        }
      },
    )
  },
})

export const proposeMapping = operation({
  name: 'insights.mappings.propose',
  summary: 'The mapping a file can be imported by without a person, and what has to be said first',
  kind: 'read',
  may: 'insights:edit',
  command: false,
  input: FileToMap,
  output: ProposedMapping,
  example: (f) => ({ uploadId: f['uploadId']! }),
  async run(context, input) {
    return withMapping(context, input, ({ dataset, columns, saved, proposals, mapping }, source, upload) => {
      const settled = settleMapping(dataset, mapping, saved ? null : proposals, columns, source.file.format)
      return {
        uploadId: upload.id,
        fileName: upload.name,
        mapping: settled.mapping,
        yaml: printMapping(settled.mapping, remarksOf(upload.name, saved, settled, saved ? [] : proposals)),
        savedAs: saved?.name ?? null,
        columns: columns.map((c) => c.name),
        leftOut: settled.leftOut,
        open: settled.open,
      }
    })
  },
})

/** As it can be taken over: with the form of its values where they need one. */
const hintOf = ({ source }: ProposedField): string =>
  Object.keys(source).length === 1 ? JSON.stringify(source.column) : JSON.stringify(source)

function remarksOf(
  fileName: string,
  saved: SavedMapping | null,
  { mapping, open }: ReturnType<typeof settleMapping>,
  proposals: readonly ProposedField[],
): { top: string[]; fields: string[] } {
  const unsure = proposals.filter((p) => !mapping.fields[p.field])
  return {
    top: [
      saved ? `The mapping saved as “${saved.name}”, for ${fileName}.` : `Proposed for ${fileName}.`,
      ...(open.length > 0 ? ['Before it can be used:', ...open.map((text) => `- ${text}`)] : []),
    ],
    fields: unsure.map((p) => `${p.field}: ${hintOf(p)}   not sure: ${p.why}`),
  }
}
