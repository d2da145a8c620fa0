/** Markdown of headings, lists and paragraphs as a Word document. */
import { Document, HeadingLevel, Packer, Paragraph } from 'docx'

const headings = [HeadingLevel.TITLE, HeadingLevel.HEADING_1, HeadingLevel.HEADING_2] as const

function paragraphOf(line: string): Paragraph {
  const heading = /^(#{1,3})\s+(.*)$/.exec(line)
  if (heading) return new Paragraph({ text: heading[2]!, heading: headings[heading[1]!.length - 1]! })
  const item = /^[-*]\s+(.*)$/.exec(line)
  if (item) return new Paragraph({ text: item[1]!, bullet: { level: 0 } })
  return new Paragraph({ text: line })
}

export async function documentOf(title: string, markdown: string): Promise<Buffer> {
  const children = markdown
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map(paragraphOf)
  return Packer.toBuffer(new Document({ title, creator: 'Throughline', sections: [{ children }] }))
}
