/** Text as Postgres takes it: no NUL (22021, in jsonb 22P05), no lone surrogate (in jsonb 22P02). */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '')
}

/** The same for every text inside a value, keys included; what is not plain data (a Date, a Buffer) stays as it is. */
export function storableIn<T>(value: T): T {
  if (typeof value === 'string') return storable(value) as T
  if (Array.isArray(value)) return value.map(storableIn) as T
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storableIn(inner)])) as T
}
