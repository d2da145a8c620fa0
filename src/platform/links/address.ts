/** A place within a workspace as people copy it, kept without host and workspace, so that it can be kept, compared and opened anywhere. */
const base = 'http://product.invalid'

/**
 * @param given `https://host/w/acme/insights/adoption?month=2025-06`, `/w/acme/insights/adoption` or `/insights/adoption`
 * @returns `/insights/adoption?month=2025-06`, or null where it leads to another host, another workspace, or is no address
 */
export function placeWithin(given: string, here: { baseUrl: string; slug: string }): string | null {
  const text = given.trim()
  // Browsers leave line breaks out of an address and read a backslash as a slash.
  if (
    text === '' ||
    /[\s\\\p{Cc}]/u.test(text) ||
    text.startsWith('//') ||
    !(text.startsWith('/') || /^https?:\/\//i.test(text))
  )
    return null
  const url = URL.parse(text, base)
  if (!url || (url.origin !== base && url.origin !== URL.parse(here.baseUrl)?.origin) || url.username !== '')
    return null
  const path = withinWorkspace(url.pathname, here.slug)
  return path === null || /^\/(api|\/)/.test(path) ? null : `${path}${url.search}${url.hash}`
}

function withinWorkspace(pathname: string, slug: string): string | null {
  const [, first, workspace, ...rest] = pathname.split('/')
  if (first !== 'w') return pathname
  return workspace === slug ? `/${rest.join('/')}` : null
}
