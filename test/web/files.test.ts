import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileLink } from '../../src/web.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
let id: number
beforeAll(async () => {
  office = await openOffice()
  id = await keep('Größe "ok".pdf', 'application/pdf', 'the bytes')
})
afterAll(() => office.close())

async function keep(name: string, contentType: string, bytes: string): Promise<number> {
  const ticketId = await office.openTicket()
  const { sha256, size } = await office.files.save(Readable.from([Buffer.from(bytes)]), 1000)
  const { rows } = await office.database.query(
    `insert into attachments (comment_id, name, content_type, size, sha256)
       select id, $2, $3, $4, $5 from comments where ticket_id = $1 returning id`,
    [ticketId, name, contentType, size, Buffer.from(sha256, 'hex')],
  )
  return rows[0]!.id
}
const get = (fileId: number, method = 'GET') =>
  office.web.request(fileLink('https://desk.example', fileId, office.secrets.fileToken(fileId), 'a.pdf'), { method })

test('E33 files leave as a download under their name', async () => {
  const response = await get(id)
  expect(await response.text()).toBe('the bytes')
  expect(response.headers.get('content-type')).toBe('application/pdf')
  expect(response.headers.get('content-disposition')).toBe(
    `attachment; filename="Gr__e _ok_.pdf"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20_ok_.pdf`,
  )
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/)
  const head = await get(id, 'HEAD')
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '9', ''])
})

test.each([
  'text/html',
  'image/svg+xml',
  'TEXT/HTML; charset=utf-8',
  'application/xhtml+xml',
  'text/xml',
  'a\r\nb',
  '',
])('E33 of type %j leave as plain bytes', async (type) => {
  const response = await get(await keep('x.html', type, '<script>alert(1)</script>'))
  expect(response.headers.get('content-type')).toBe('application/octet-stream')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  await response.body?.cancel()
})

test.each([
  ['../../etc/cron.d/pwn', 'etc_cron.d_pwn'],
  ['a\r\nSet-Cookie: x=1.txt', 'aSet-Cookie_ x=1.txt'],
  ['photo\u202egpj.exe', 'photogpj.exe'],
  ['\u200b.htaccess', 'htaccess'],
  ['...', 'file'],
  ['%2e%2e%2fx.txt', '%2e%2e%2fx.txt'],
  [`${'x'.repeat(500)}.pdf`, `${'x'.repeat(116)}.pdf`],
  ["it's (1)*.txt", "it's (1)_.txt"],
])('E32 named %j are saved as %j', async (name, saved) => {
  const response = await get(await keep(name, 'text/plain', name))
  const disposition = response.headers.get('content-disposition') ?? ''
  expect(decodeURIComponent(/filename\*=UTF-8''(\S+)$/.exec(disposition)?.[1] ?? '')).toBe(saved)
  await response.body?.cancel()
})

test('asked for in any other way get one and the same 404', async () => {
  const token = office.secrets.fileToken(id)
  const absent = await office.database
    .query('select max(id) + 1000 as id from attachments')
    .then(({ rows }) => rows[0]!.id)
  const gone = await keep('gone.txt', 'text/plain', 'never written')
  await office.database.query(`update attachments set sha256 = sha256('elsewhere') where id = $1`, [gone])
  const ids = [
    '0',
    '-1',
    '1e1',
    '0x1',
    `0${id}`,
    `%20${id}`,
    `${id}%20`,
    `${id}%00`,
    '9'.repeat(30),
    'NaN',
    '..',
    '%2e%2e',
    `${id},2`,
  ]
  const tokens = [
    '',
    'x',
    '0',
    'null',
    token.slice(1),
    `${token}a`,
    token.toUpperCase(),
    `${token}%00`,
    office.secrets.fileToken(id + 1),
    '%ff',
    'x'.repeat(9000),
  ]
  const paths = [
    ...ids.map((odd) => `/files/${odd}/${token}/a.pdf`),
    ...tokens.map((odd) => `/files/${id}/${odd}/a.pdf`),
    `/files/${id}/${token}`,
    `/files/${id}/${token}/`,
    `/files/${id}/${token}/../../../etc/passwd`,
    `/files/${id}/${token}/a/b`,
    `/files/${absent}/${office.secrets.fileToken(absent)}/a.pdf`,
    `/files/${gone}/${office.secrets.fileToken(gone)}/a.pdf`,
    '/files/../files',
    '/files/%2e%2e/%2e%2e/etc',
  ]
  const answers = await Promise.all(paths.map((path) => office.web.request(path)))
  expect(answers.map(({ status }, n) => [paths[n], status])).toEqual(paths.map((path) => [path, 404]))
  expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1)
})

test('are linked with any name', () => {
  for (const name of ['a b?#%.pdf', '..', '../x', '', 'ü', '\ud800', '%2f']) {
    const link = new URL(fileLink('https://desk.example/help', 7, 'token', name))
    expect(link.pathname).toMatch(/^\/help\/files\/7\/token\/[^/]+$/)
  }
})
