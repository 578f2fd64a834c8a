/** `name` as a file name that is safe to show and to save: no path, no control or reordering character, at most 200 long. */
export function cleanFilename(name: string): string {
  const visible = name
    // U+202E turns "gpj.exe" into a picture; zero-width characters hid ".htaccess" (CVE-2026-28289).
    .replace(/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '')
    .trim()
  const isPath = /^(?:[a-z]:)?[\\/]|(?:^|[\\/])\.\.(?:[\\/]|$)/i.test(visible)
  const base = isPath ? (visible.split(/[\\/]/).filter(Boolean).at(-1) ?? '') : visible.replace(/[\\/]/g, '_')
  const clean = base
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^\.+|[. ]+$/g, '')
    .replace(/^\s+/, '')
  if (clean.length <= MAX_NAME) return clean
  const ending = /\.[^.]{1,12}$/.exec(clean)?.[0] ?? ''
  return clean.slice(0, MAX_NAME - ending.length).toWellFormed() + ending
}

const MAX_NAME = 200

/** A name for a part that came without one: `image.png`, `invite.ics`, the enclosed mail's subject and `.eml`. */
export function makeFilename(type: string, enclosedSubject: string | null): string {
  if (type === 'message/rfc822') return `${cleanFilename(enclosedSubject ?? '') || 'message'}.eml`
  const known = KNOWN[type]
  if (known) return known
  const [main = '', sub = ''] = type.split('/')
  const stem = ['image', 'audio', 'video'].includes(main) ? main : 'attachment'
  return `${stem}.${ENDINGS[type] ?? (/^(?:x-)?([a-z0-9]{2,5})$/.exec(sub)?.[1] || 'bin')}`
}

const KNOWN: Record<string, string> = {
  'message/delivery-status': 'delivery-status.txt',
  'message/disposition-notification': 'read-receipt.txt',
  'message/feedback-report': 'feedback-report.txt',
  'text/rfc822-headers': 'headers.txt',
  'text/calendar': 'invite.ics',
  'application/pgp-signature': 'signature.asc',
  'application/pgp-encrypted': 'version.txt',
  'application/pkcs7-signature': 'smime.p7s',
  'application/x-pkcs7-signature': 'smime.p7s',
  'application/pkcs7-mime': 'smime.p7m',
  'application/x-pkcs7-mime': 'smime.p7m',
  'application/ms-tnef': 'winmail.dat',
  'text/html': 'attachment.html',
  'text/plain': 'attachment.txt',
}

const ENDINGS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/pjpeg': 'jpg',
  'image/svg+xml': 'svg',
  'image/x-icon': 'ico',
  'image/vnd.microsoft.icon': 'ico',
  'audio/mpeg': 'mp3',
  'video/quicktime': 'mov',
  'text/markdown': 'md',
  'text/x-vcard': 'vcf',
  'text/directory': 'vcf',
  'application/gzip': 'gz',
  'application/octet-stream': 'bin',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
}
