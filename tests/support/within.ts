/** What has no bound of its own is given one here, with a sentence that says what never ended. */
export function within<T>(seconds: number, what: string, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`No end of ${what} within ${seconds} seconds; it was given up.`)),
      seconds * 1000,
    )
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
