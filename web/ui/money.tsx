import { exactMoney, money } from './format.ts'

/** Compact, with the exact amount on hover. */
export function Money({ amount, currency }: { amount: number; currency: string }) {
  return <span title={exactMoney(amount, currency)}>{money(amount, currency)}</span>
}
