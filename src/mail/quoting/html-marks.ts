import { type HtmlElement, type HtmlNode, isElement } from '../reading/html-document.ts'
import type { Mark } from '../reading/text-lines.ts'

/** What `node` says of its words: the marks that mail programs leave in their html around quote and signature. */
export function markOf(node: HtmlNode): Mark | null {
  const around = node.parent && 'attribs' in node.parent ? (node.parent as HtmlElement) : null
  if (around && isAnswerable(around) && comesAfterQuote(node)) return 'written'
  if (!isElement(node)) return null
  const id = (node.attribs.id ?? '').slice(0, 100)
  const classes = ` ${(node.attribs.class ?? '').slice(0, 500)} `
  const name = (node.attribs.name ?? '').slice(0, 100)
  if (BOUNDARY_ID.test(id) || isOutlookRule(node)) return 'boundary'
  if (QUOTE_ID.test(id) || QUOTE_CLASS.test(classes) || QUOTE_NAME.test(name)) return 'quoted'
  if (node.name === 'blockquote' && (node.attribs.type === 'cite' || node.attribs.cite)) return 'quoted'
  if (node.attribs['data-marker'] === '__QUOTED_TEXT__') return 'quoted'
  if (SIGNATURE_ID.test(id) || SIGNATURE_CLASS.test(classes) || name === 'messageSignatureSection') return 'signature'
  return null
}

// Outlook on the web and new Outlook; Zimbra; BlackBerry. Everything below is the mail being answered.
const BOUNDARY_ID =
  /^(?:x_)*(?:divRplyFwdMsg|zwchr|_origMsg_|OutlookMessageHeader|mail-editor-reference-message-container)$/i
// OLK_SRC_BODY_SECTION: Outlook for Mac 2011; yahoo_quoted: Yahoo; qt: Fastmail; reply-intro: Roundcube.
const QUOTE_ID =
  /^(?:x_)*(?:OLK_SRC_BODY_SECTION|yahoo_quoted_?\d*|isForwardContent|reply-intro|mailru_quote|ymail_android_.*quoted)$/i
const QUOTE_CLASS =
  / (?:x_)*(?:gmail_quote|gmail_quote_container|gmail_attr|yahoo_quoted|protonmail_quote|tutanota_quote|moz-cite-prefix|zmail_extra|zmail_extra_hr|front-blockquote|missive_quote|airmail_on|bloop_original_html|WM_quote|moz-forward-container-none) /
// GMX and web.de; Spark.
const QUOTE_NAME = /^(?:quote|messageReplySection)$/
const SIGNATURE_ID =
  /^(?:x_)*(?:ms-outlook-mobile-signature|AppleMailSignature|lineBreakAtBeginningOfSignature_none|composer_signature|spark_signature)$/i
const SIGNATURE_CLASS =
  / (?:x_)*(?:gmail_signature|gmail_signature_prefix|moz-signature|protonmail_signature_block|protonmail_signature_block-user|protonmail_signature_block-proton) /

/** Gmail and Proton keep attribution and quote in one element, and answers between the quotes too. */
function isAnswerable(element: HtmlElement): boolean {
  return / (?:x_)*(?:gmail_quote|protonmail_quote) /.test(` ${(element.attribs.class ?? '').slice(0, 500)} `)
}

function comesAfterQuote(node: HtmlNode): boolean {
  if (isElement(node) && node.name === 'blockquote') return false
  let looked = 0
  for (let before = node.prev; before && looked < 50; before = before.prev, looked++)
    if (isElement(before) && before.name === 'blockquote') return true
  return false
}

/** The line above Outlook's From/Sent/To/Subject: a top border, in the blues and greys of its versions, over a label. */
function isOutlookRule(element: HtmlElement): boolean {
  const style = (element.attribs.style ?? '').slice(0, 500).replace(/\s+/g, ' ')
  if (!/border-top:|border-style: ?solid none none/i.test(style)) return false
  if (
    !/border-top: ?solid #?[0-9a-z]+ 1\.0pt|border-top:[^;]*(?:E1E1E1|B5C4DF)|rgb\((?:181, ?196, ?223|225, ?225, ?225)\)/i.test(
      style,
    )
  )
    return false
  return /^\s*\p{L}[\p{L} .]{0,24}\s?[:：]/u.test(firstWords(element))
}

/** The first words in `element`, from a few of its nodes. */
function firstWords(element: HtmlElement): string {
  const stack: HtmlNode[] = [element]
  let words = ''
  for (let looked = 0; stack.length && words.trim().length < 60 && looked < 40; looked++) {
    const node = stack.pop()!
    if (node.type === 'text') words += (node as { data: string }).data
    else if (isElement(node))
      for (let i = Math.min(node.children.length, 20) - 1; i >= 0; i--) stack.push(node.children[i]!)
  }
  return words
}
