/** What we use of jstat, which comes without types. */
declare module 'jstat' {
  const jstat: {
    normal: { cdf(x: number, mean: number, sd: number): number; inv(p: number, mean: number, sd: number): number }
    chisquare: { cdf(x: number, degrees: number): number }
  }
  export default jstat
}
