/** Names of months in English, German, French and Spanish, in full and short; none means two months, so the language need not be known. */

/** In small letters without accents, January first. */
export const monthNames: readonly (readonly string[])[] = [
  ['jan', 'january', 'januar', 'janner', 'janv', 'janvier', 'ene', 'enero'],
  ['feb', 'february', 'februar', 'fev', 'fevr', 'fevrier', 'febrero'],
  ['mar', 'march', 'mrz', 'marz', 'maerz', 'mars', 'marzo'],
  ['apr', 'april', 'avr', 'avril', 'abr', 'abril'],
  ['may', 'mai', 'mayo'],
  ['jun', 'june', 'juni', 'juin', 'junio'],
  ['jul', 'july', 'juli', 'juil', 'juillet', 'julio'],
  ['aug', 'august', 'aout', 'ago', 'agosto'],
  ['sep', 'sept', 'september', 'septembre', 'septiembre', 'setiembre'],
  ['oct', 'october', 'okt', 'oktober', 'octobre', 'octubre'],
  ['nov', 'november', 'novembre', 'noviembre'],
  ['dec', 'december', 'dez', 'dezember', 'decembre', 'dic', 'diciembre'],
]

const numbers = new Map(monthNames.flatMap((names, i) => names.map((name) => [name, i + 1] as const)))

/** 1 to 12, or null where the word names no month. */
export const monthOfName = (word: string): number | null =>
  numbers.get(word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()) ?? null

/** SQL of a text, in small letters without accents, with a number in place of a month's name and the point after it. The text is spelt out once: a longer statement is slow to plan. */
export const numberMonthsSql = (text: string): string =>
  monthNames.reduce((sql, names, i) => `regexp_replace(${sql}, '\\b(${names.join('|')})\\b[.]?', '${i + 1}')`, text)
