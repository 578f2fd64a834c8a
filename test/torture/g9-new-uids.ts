import { plainMail } from './bench.ts'
import type { Figure } from './figure.ts'
import { compare, read } from './reading.ts'

/** A mailbox restored from a backup gives every mail another UID, and new ones come while it is read again. */
export const newUids: Figure = {
  id: 'G9',
  what: 'UIDVALIDITY changes under 5,000 mails',
  wanted: '0 twice, 0 lost, <= 60 s',
  async measure(bench) {
    const count = bench.quick ? 1000 : 5000
    const mailbox = await bench.mailbox()
    const database = await bench.database()
    mailbox.put(Array.from({ length: count }, (_, number) => plainMail(number, 1500)))
    const reading = read(bench, database, mailbox.url)
    await reading.sweepNow()
    const validity = async () => (await database.query('select uid_validity from mailboxes')).rows[0]?.uid_validity
    const before = await validity()
    await mailbox.renumber()
    mailbox.put([plainMail('after')])
    const began = performance.now()
    await reading.sweepNow()
    const seconds = (performance.now() - began) / 1000
    const { stored, lost, altered, twice } = await compare(database, mailbox)
    const isChanged = before !== (await validity())
    return {
      got: `${stored} stored, ${lost} lost, ${twice} twice, ${seconds.toFixed(1)} s${isChanged ? '' : ', UIDs not changed'}`,
      pass: isChanged && stored === count + 1 && lost + altered + twice === 0 && seconds <= 60,
    }
  },
}
