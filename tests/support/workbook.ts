/** Excel files as they lie on disk: a zip of XML parts, made by hand so that a test can also make broken ones. */
import { deflateRawSync, crc32 } from 'node:zlib'

/** A zip of one entry that says a small size and holds a large one, or says truly what it holds. */
export function zip(entries: { name: string; body: Buffer; claimed?: number | undefined }[]): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const { name, body, claimed } of entries) {
    const packed = deflateRawSync(body)
    const size = claimed ?? body.length
    const path = Buffer.from(name)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt16LE(8, 8)
    head.writeUInt32LE(crc32(body), 14)
    head.writeUInt32LE(packed.length, 18)
    head.writeUInt32LE(size, 22)
    head.writeUInt16LE(path.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(20, 4)
    entry.writeUInt16LE(20, 6)
    entry.writeUInt16LE(8, 10)
    entry.writeUInt32LE(crc32(body), 16)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(size, 24)
    entry.writeUInt16LE(path.length, 28)
    entry.writeUInt32LE(at, 42)
    parts.push(head, path, packed)
    central.push(entry, path)
    at += head.length + path.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, directory, end])
}

/** An Excel file of one sheet, as its XML says it. */
export const workbook = (sheet: Buffer, claimed?: number) => workbookFrom([{ name: 'Users', body: sheet, claimed }])

/** An Excel file of one sheet and whatever other parts it is given: shared strings, styles. */
export const workbookWith = (sheet: Buffer, parts: readonly { name: string; body: Buffer }[]) =>
  workbookFrom([{ name: 'Users', body: sheet }], parts)

const workbookFrom = (
  sheets: readonly { name: string; body: Buffer; claimed?: number | undefined }[],
  parts: readonly { name: string; body: Buffer }[] = [],
) =>
  zip([
    ...parts,
    {
      name: 'xl/workbook.xml',
      body: Buffer.from(
        `<workbook xmlns:r="r"><sheets>${sheets
          .map(({ name }, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
          .join('')}</sheets></workbook>`,
      ),
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      body: Buffer.from(
        `<Relationships>${sheets
          .map((_, i) => `<Relationship Id="rId${i + 1}" Type="t/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`)
          .join('')}</Relationships>`,
      ),
    },
    ...sheets.map(({ body, claimed }, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, body, claimed })),
  ])

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

type Rows = readonly (readonly string[])[]

/** An Excel file of these rows; a row without cells stays an empty one. */
export const workbookOf = (rows: Rows): Buffer => workbook(sheetOf(rows))

/** An Excel file of several sheets, by their names. */
export const workbookOfSheets = (sheets: Record<string, Rows>): Buffer =>
  workbookFrom(Object.entries(sheets).map(([name, rows]) => ({ name, body: sheetOf(rows) })))

const sheetOf = (rows: Rows): Buffer =>
  Buffer.from(
    `<worksheet><sheetData>${rows
      .map((cells, i) =>
        cells.length === 0
          ? ''
          : `<row r="${i + 1}">${cells.map((text) => `<c t="inlineStr"><is><t>${escaped(text)}</t></is></c>`).join('')}</row>`,
      )
      .join('')}</sheetData></worksheet>`,
  )
