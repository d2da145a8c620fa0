/** Files that the browser makes itself: a download, and a picture as PNG. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Broken between words into lines of at most so many letters. */
export function wrap(text: string, letters: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line && `${line} ${word}`.length > letters) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, line]
}

interface Heading {
  title: string
  subtitle: string | undefined
  colours: { ink: string; faint: string; body: string }
}

/** A drawn chart with what the page says above it, so that it stands by itself on a slide. */
export function withHeading(chart: string, { title, subtitle, colours }: Heading): string {
  const [width, height] = ['width', 'height'].map((name) =>
    Number(new RegExp(`<svg[^>]* ${name}="([\\d.]+)"`).exec(chart)?.[1] ?? 0),
  ) as [number, number]
  const margin = 16
  // A picture has no web font: what stands in for it on the machine may be wider.
  const said = (text: string, size: number, weight: number, fill: string) =>
    wrap(text, Math.floor(width / (size * 0.58))).map((line) => ({ line, size, weight, fill }))
  const lines = [...said(title, 15, 600, colours.ink), ...(subtitle ? said(subtitle, 12, 400, colours.faint) : [])]
  let y = margin
  const head = lines.map(({ line, size, weight, fill }) => {
    y += size + 5
    return `<text x="${margin}" y="${y - 5}" font-family="Inter, system-ui, sans-serif" font-size="${size}" font-weight="${weight}" fill="${fill}">${escapeXml(line)}</text>`
  })
  const all = [width + 2 * margin, y + 8 + height + margin] as const
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${all[0]}" height="${all[1]}" viewBox="0 0 ${all[0]} ${all[1]}">`,
    `<rect width="100%" height="100%" fill="${colours.body}"/>`,
    ...head,
    chart.replace('<svg ', `<svg x="${margin}" y="${y + 8}" `),
    '</svg>',
  ].join('\n')
}

/** Twice as large as drawn, so that it stays sharp on a slide. */
export async function svgToPng(svg: string): Promise<Blob> {
  const image = new Image()
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    await new Promise<void>((resolve, reject) => {
      image.onload = () => resolve()
      image.onerror = () => reject(new Error('The picture could not be drawn.'))
      image.src = url
    })
    const canvas = document.createElement('canvas')
    canvas.width = image.width * 2
    canvas.height = image.height * 2
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.'))),
        'image/png',
      ),
    )
  } finally {
    URL.revokeObjectURL(url)
  }
}
