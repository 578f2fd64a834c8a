import { describe, expect, test } from 'vitest'
import { visibleText } from '../../src/mail/quoting.ts'

const read = (text: string, subject = 'Re: The printer') => visibleText({ text, html: null, subject }).text
const readHtml = (html: string, subject = 'Re: The printer') => visibleText({ text: null, html, subject }).text

const QUOTE = 'On Tue, Mar 3, 2026 at 5:10 PM Kofi Mensah <kofi@desk.example> wrote:\n> Hello\n> please switch it off'
const BLOCK =
  'From: Kofi Mensah <kofi@desk.example>\nSent: Tuesday, March 3, 2026 5:10 PM\nTo: Ada\nSubject: The printer'

describe('words of a person stay', () => {
  const kept = [
    'Sent from my desk, it is much easier than on my phone.',
    '10/19/2017 @ 9:30 am works',
    'On 10/19/2017 at 9:30 I wrote you the following:\n\nThe printer is broken.',
    'From: Paris\nTo: London\nDate: Monday\n\nPlease book it.',
    'Please change two things:\n---\nthe login page\nthe cart',
    'I typed this:\n> npm install\n> error EACCES',
    '> what is your system?\nLinux',
    '>From here on nothing works any more.',
    'Total > 5 items\n-> look at the cart\n=> broken',
    'The steps:\n\n1. open\n2. close\n\n__________\n\nand then it fails.',
    'I sent you a mail from my iPhone yesterday',
    'Is it enough to reply above?',
    'Note: this is urgent\nReason: see below\nStatus: broken',
    'My address is ada@acme.example:\nplease use it from 3/3/2026 on.',
    'Sent from my iPhone the picture, did you get it?',
    'Subject: printer\n\nIt is broken.',
  ]
  test.each(kept)('%j', (text) => {
    expect(read(text)).toBe(text)
    expect(read(`${text}\n\n${QUOTE}\n`)).toBe(text)
    expect(read(`${text}\n\n${BLOCK}\n\nHello\nplease switch it off\n`)).toBe(text)
  })

  test('answers between quoted lines stay with what they answer', () => {
    const text = `Answers below.\n\n${QUOTE.split('\n')[0]}\n> Is it on?\n\nYes.\n\n> Is it green?\n\nNo, red.`
    expect(read(`${text}\n\n> Kind regards\n> Kofi\n`)).toBe(text)
  })

  test('words below the quote are the reply', () => {
    expect(read(`${QUOTE}\n\nThanks, done.\n\n-- \nAda`)).toBe('Thanks, done.')
  })

  test('a mail of which nothing would be left is shown whole', () => {
    expect(read(QUOTE)).toBe(QUOTE)
    expect(read(`${BLOCK}\n\nHello\n`)).toBe(`${BLOCK}\n\nHello`)
  })

  test('a mail passed on stays whole, and a quoted one that was passed on does not', () => {
    const forward = `See below.\n\n---------- Forwarded message ---------\n${BLOCK}\n\nHello\n\n> older`
    expect(read(forward, 'Fwd: x')).toBe(forward)
    expect(read(forward)).toBe(forward)
    expect(read(`See below.\n\n${BLOCK}\n\nHello`, 'FW: x')).toBe(`See below.\n\n${BLOCK}\n\nHello`)
    expect(
      read(
        `Thanks!\n\nOn Tue, Mar 3, 2026 at 5:10 PM Kofi <k@desk.example> wrote:\n> ---------- Forwarded message ---------\n> From: x`,
      ),
    ).toBe('Thanks!')
    expect(read(`Thanks!\n\n${BLOCK}\n\n---------- Forwarded message ---------\nFrom: x`)).toBe('Thanks!')
  })
})

describe('quotes go, however they are led', () => {
  const attributions = [
    'Op di 3 mrt. 2026 om 17:10 schreef Kofi <kofi@desk.example>:',
    'Il giorno mar 3 mar 2026 alle ore 17:10 Kofi <kofi@desk.example> ha scritto:',
    'wt., 3 mar 2026 o 17:10 Kofi <kofi@desk.example> napisał(a):',
    'Den tis 3 mars 2026 kl 17:10 skrev Kofi <kofi@desk.example>:',
    '2026년 3월 3일 (화) 오후 5:10, Kofi <kofi@desk.example>님이 작성:',
    'Kofi <kofi@desk.example>, 3 Mar 2026 Sal, 17:10 tarihinde şunu yazdı:',
    'Vào Th 3, 3 thg 3, 2026 vào lúc 17:10 Kofi <kofi@desk.example> đã viết:',
    'ti 3. maalisk. 2026 klo 17.10 Kofi <kofi@desk.example> kirjoitti:',
    'út 3. 3. 2026 v 17:10 odesílatel Kofi <kofi@desk.example> napsal:',
    'Στις Τρί 3 Μαρ 2026 στις 5:10 μ.μ., ο χρήστης Kofi <kofi@desk.example> έγραψε:',
    'At 2026-03-03 17:10:42, "Kofi" <kofi@desk.example> wrote:',
    'Quoting Kofi <kofi@desk.example>:',
    'Kofi Mensah <kofi@desk.example> wrote:',
    'Kofi Mensah wrote:',
    'On Tue, Mar 3, 2026 at 5:10 PM Kofi Mensah with a rather long name\n<kofi@desk.example>\nwrote:',
    'Le mar. 3 mars 2026 à 17:10, Kofi Mensah <kofi@desk.example> a\nécrit :',
  ]
  test.each(attributions)('%j', (attribution) => {
    expect(read(`Thanks!\nAda\n\n${attribution}\n\n> Hello\n>\n> please`)).toBe('Thanks!\nAda')
    expect(read(`Thanks!\nAda\n${attribution}\n> Hello\n>\n> please\n\n`)).toBe('Thanks!\nAda')
  })

  const unprefixed = [
    '-----Original Message-----\nFrom: Kofi\nSent: Tuesday\nTo: Ada\nSubject: x\n\nHello',
    '-----Ursprüngliche Nachricht-----\nVon: Kofi\nGesendet: Dienstag\nAn: Ada\nBetreff: x\n\nHallo',
    '________________________________\nFrom: Kofi <kofi@desk.example>\nSent: Tuesday\nTo: Ada\nSubject: x\n\nHello',
    '*From:* Kofi [mailto:kofi@desk.example]\n*Sent:* Tuesday\n*To:* Ada; Bruno;\nLucía; Somebody Else\n*Subject:* x\n\nHello',
    'Gesendet: Dienstag, 03. März 2026 um 17:10 Uhr\nVon: "Kofi" <kofi@desk.example>\nAn: ada@acme.example\nBetreff: x\nHallo',
    'Date: Tue, 3 Mar 2026 17:10:42 +0100\nFrom: kofi@desk.example\nTo: ada@acme.example\nSubject: x\n\nHello',
    'Subject: Re: x\nFrom: kofi@desk.example\nTo: ada@acme.example\nDate: Tue, 3 Mar 2026 17:10:42 +0000\n\nHello',
    '------------------ 原始邮件 ------------------\n发件人: "Kofi"<kofi@desk.example>;\n发送时间: 2026年3月3日\n收件人: "Ada"<ada@acme.example>;\n主题: x\n\n你好',
    'Kofi Mensah/Acme wrote on 03/03/2026 05:10:42 PM:\n\nHello',
    'On Tuesday, March 3, 2026 at 05:10:42 PM GMT+1, Kofi <kofi@desk.example> wrote:\n\n Hello\n please',
    '##- Please type your reply above this line -##\n\nYour request has been updated.',
    '-- Reply above this line --\n\nHello',
  ]
  test.each(unprefixed)('%j', (quoted) => {
    expect(read(`Thanks!\nAda\n\n${quoted}\n\nplease\n`)).toBe('Thanks!\nAda')
  })

  test('a signature goes with its separator, a footer below the quote too', () => {
    expect(
      read(
        `Thanks!\n\n-- \nAda Lovelace\nAcme, Berlin\n\n${QUOTE}\n\n-- \nYou received this message because you are subscribed to the list.\nTo unsubscribe visit https://list.example/`,
      ),
    ).toBe('Thanks!')
    expect(read('Thanks!\n\n--\nAda Lovelace\nAcme')).toBe('Thanks!')
    expect(read('Thanks!\n\nSent from my BlackBerry 10 smartphone.')).toBe('Thanks!')
    expect(read('Thanks!\n\nGet Outlook for Android<https://aka.ms/AAb9ysg>')).toBe('Thanks!')
  })
})

describe('html', () => {
  test('answers inside a Gmail quote stay', () => {
    const html =
      '<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">On Tue, Mar 3, 2026 at 5:10 PM Kofi &lt;<a href="mailto:k@desk.example">k@desk.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote">Is it on?</blockquote><div>Yes.</div><blockquote class="gmail_quote">Is it green?</blockquote><div>No, red.</div></div></div>'
    expect(readHtml(html)).toContain('Yes.')
    expect(readHtml(html)).toContain('> Is it green?')
    expect(readHtml(html)).toContain('No, red.')
  })

  test('a forward inside a quote does not make a reply a forward', () => {
    const quoted =
      'On Tue, Mar 3, 2026 at 5:10 PM Kofi &lt;k@desk.example&gt; wrote:<br>See below.<br>---------- Forwarded message ---------<br>From: x'
    expect(readHtml(`<div>Thanks!</div><div class="yahoo_quoted">${quoted}</div>`)).toBe('Thanks!')
    expect(
      readHtml('<div>See this.</div><div class="yahoo_quoted">----- Forwarded Message -----<br>From: x<br>Hello</div>'),
    ).toContain('Hello')
  })

  test('a quote that was written as a list or table of her own stays', () => {
    expect(readHtml('<p>Two things:</p><ul><li>login</li><li>cart</li></ul>')).toBe('Two things:\n\n- login\n- cart')
    expect(readHtml('<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>')).toBe('a 1\nb 2')
  })

  test('style, script and what is hidden are no words', () => {
    expect(
      readHtml('<style>p{}</style><script>alert(1)</script><div style="display:none">preview</div><p>Hello</p>'),
    ).toBe('Hello')
  })
})
