/** The link in the solved mail: opens the survey, with a score already chosen if one is given. Opening it counts nothing (W1). */
export function surveyLink(publicUrl: string, token: string, score?: number): string {
  const link = under(publicUrl, ['survey', token])
  if (score !== undefined) link.searchParams.set('score', String(score))
  return link.href
}

/** The link in the reminder: opens the list of what somebody can rate. Opening it counts nothing. */
export function ratingsLink(publicUrl: string, token: string): string {
  return under(publicUrl, ['ratings', token]).href
}

/** The link in the acknowledgement: opens the page that asks for what a ticket does not say. Opening it changes nothing. */
export function describeLink(publicUrl: string, token: string): string {
  return under(publicUrl, ['describe', token]).href
}

/** Opens the page that joins another address of whoever asked for a ticket. Opening it changes nothing and mails nothing. */
export function joinLink(publicUrl: string, token: string): string {
  return under(publicUrl, ['addresses', token]).href
}

/** The link that hands out our copy of a file. The name is only for the reader; id and token decide. */
export function fileLink(publicUrl: string, id: number, token: string, name: string): string {
  return under(publicUrl, ['files', String(id), token, printable(name)]).href
}

function under(publicUrl: string, segments: string[]): URL {
  const base = publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`
  return new URL(segments.map(encodeURIComponent).join('/'), base)
}

/** A slash in a name, even encoded, is a new folder to some proxies; "." and ".." are lost in every URL. */
function printable(name: string): string {
  const flat = name.toWellFormed().replace(/[/\\\x00-\x1f\x7f]/g, '_')
  return /^\.*$/.test(flat) ? 'file' : flat
}
