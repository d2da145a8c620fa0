import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
interface AxeResult {
  violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[]
}

/** What depends on the colours. */
const ofColours = ['color-contrast', 'link-in-text-block']
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/**
 * Runs in the page by the debugger, which its security policy does not bind.
 * @param coloursAlone of a page that kept the other rules already and was turned to other colours
 */
export async function violations(page: Page, { coloursAlone = false } = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source)
  const result = await page.evaluate(
    (runOnly) =>
      (window as unknown as { axe: { run: (root: Document, options: object) => Promise<AxeResult> } }).axe.run(
        document,
        // What keeps the rules need not be listed element by element.
        { runOnly, resultTypes: ['violations'] },
      ),
    coloursAlone ? { type: 'rule', values: ofColours } : { type: 'tag', values: standards },
  )
  return result.violations.map(
    (v) =>
      `${v.id}: ${v.help} (${v.nodes
        .slice(0, 3)
        .map((n) => `${String(n.target[0])} ${n.failureSummary?.split('\n').slice(1, 2).join('').trim() ?? ''}`)
        .join(' | ')})`,
  )
}
