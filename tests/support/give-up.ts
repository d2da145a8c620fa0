/** Three tests of a file that ran out of time have a cause in common: the rest fails at once, instead of a minute each. */
import { afterEach, beforeEach } from 'vitest'

const allowed = 3
const late: string[] = []

beforeEach(() => {
  if (late.length >= allowed)
    throw new Error(`${allowed} tests of this file had no end, so the rest is not tried: ${late.join('; ')}`)
})
afterEach(({ task }) => {
  if (task.result?.errors?.some((error) => /timed out in \d+ms/.test(error.message))) late.push(task.name)
})
