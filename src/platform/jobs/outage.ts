/** One log line when the store is lost, at most one a minute while it is away, and one when it is back. */
import type { Log } from '../log.ts'

export interface Outage {
  isOn(): boolean
  /** Tells the failure, unless one of the same outage was told within the last minute. */
  failed(error: unknown): void
  /** Ends the outage, where there is one. */
  worked(): void
}

const tellEveryMs = 60_000

/** Connection errors by PostgreSQL's classes 08 and 57P, by the system's codes, and by the words of a driver that gives none. */
export function isLostStore(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return (
    /^(08...|57P0[1-5]|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/.test(
      String(code),
    ) || /connection terminated|timeout exceeded when trying to connect|not queryable/i.test(String(message))
  )
}

export function watchOutage(log: Pick<Log, 'error' | 'warn' | 'info'>, now: () => Date): Outage {
  let began: Date | null = null
  let told = 0
  const lasted = (since: Date) => Math.round((now().getTime() - since.getTime()) / 1000)
  return {
    isOn: () => began !== null,
    failed(error) {
      const at = now().getTime()
      if (began === null) {
        began = now()
        told = at
        log.error({ err: error }, 'the job queue has lost the store; jobs wait until it is back')
      } else if (at - told >= tellEveryMs) {
        told = at
        log.warn({ err: error, forSeconds: lasted(began) }, 'the job queue still waits for the store')
      }
    },
    worked() {
      if (began === null) return
      log.info({ afterSeconds: lasted(began) }, 'the store is back; jobs go on')
      began = null
    },
  }
}
