import type { Mail } from '../mail.ts'
import { authorLocalPart, mayAnswer } from './marks.ts'
import { readReport, reportWords } from './report.ts'
import type { Reason, Rule } from './verdict.ts'

/**
 * A report on the delivery of some mail (RFC 3464, and forty years of servers that never read it). It counts for a
 * ticket only when it quotes a mail of ours; the others are backscatter, recorded and left alone. Never a ticket.
 */
export const deliveryReport: Rule = (mail, facts) => {
  if (!isDeliveryReport(mail)) return null
  const report = readReport(mail)
  const ours = facts.messageIdTickets.find((one) => one.messageId === report.originalMessageId)
  return {
    kind: 'bounce',
    originalMessageId: ours ? report.originalMessageId : null,
    ticketId: ours?.ticketId ?? null,
    recipient: report.recipient,
    status: report.status,
    reason: reasonOf(mail, report.action, report.status),
  }
}

function reasonOf(mail: Mail, action: string | null, status: string | null): Reason {
  if (
    action === 'delayed' ||
    (action === null && (status?.startsWith('4') || /\b(?:delayed|warning: could not send)\b/i.test(mail.subject)))
  )
    return 'delivery-delayed'
  return action === 'delivered' || action === 'relayed' || action === 'expanded' ? 'delivery-notice' : 'delivery-report'
}

function isDeliveryReport(mail: Mail): boolean {
  const types = mail.attachments.map((one) => one.contentType)
  const hasStatus = types.some((type) => /^message\/(?:global-)?delivery-status$/.test(type))
  if (mail.reportType === 'delivery-status' || (hasStatus && mail.contentType === 'multipart/report')) return true
  const author = (mail.from ?? mail.claimedFrom)?.name ?? ''
  const local = authorLocalPart(mail)
  if (
    /^(?:mailer-?_?daemon|mail-daemon|maildaemon|mdaemon|mail_daemon)/.test(local) ||
    /^mailer-?daemon$/i.test(author)
  )
    return true
  const subject = mail.subject.trim()
  const hasSubject = SUBJECT.test(subject)
  const isNobody = mail.returnPath === '' || mail.from === null
  const words = reportWords(mail).slice(0, 20_000)
  const hasFields = /^[ \t>]{0,8}(?:final-recipient|diagnostic-code|reporting-mta):/im.test(words)
  // Amazon SES reports through a queue, in JSON.
  if (/^\s*\{[\s\S]{0,300}"notificationType"\s*:\s*"(?:Bounce|Complaint)"/.test(words.slice(0, 2_000))) return true
  const isSystem = SYSTEM_LOCAL.test(local) || SYSTEM_NAME.test(author)
  // A person may send on the parts of a report too, and ask about them.
  if (hasStatus) return isSystem || isNobody || hasSubject || !mayAnswer(mail) || words.trim() === ''
  if (mail.headers.has('x-failed-recipients')) return isSystem || isNobody || hasSubject
  const hasFailed = FAILED.test(words)
  const hasCode = CODE.test(words)
  const hasReturned = types.some((type) => type.includes('rfc822')) || RETURNED.test(words)
  const isNew = mail.inReplyTo === null && !/^(?:re|aw|fwd?|wg|tr|rv|enc|i|vs|sv)\s?:/i.test(subject)
  if (isSystem) {
    if (hasSubject || hasFields) return true
    if (isNobody) return hasFailed || hasCode
    // "Postmaster notify: delivery failure". A postmaster who asks something quotes no returned mail.
    const saysSo = SUBJECT_ANYWHERE.test(subject) || FAILED.test(subject)
    const proofs = [saysSo, hasReturned, FAILED.test(words.slice(0, 3_000)), hasCode, ADDRESSEE.test(words)]
    return isNew && !asks(words) && proofs.filter(Boolean).length >= 2
  }
  const isOffice = OFFICE_LOCAL.test(local)
  if (isNobody) return hasFields || hasSubject || (hasFailed && (hasReturned || isOffice))
  // A report in a person's clothes, or in those of a house: it says so in its subject and proves it in its words.
  const isProven = isOffice
    ? hasFields || hasReturned || hasCode || ADDRESSEE.test(words)
    : hasFields || (hasFailed && (hasReturned || (hasCode && (ADDRESSEE.test(words) || BRACKETED.test(words)))))
  return hasSubject && isNew && !asks(words) && isProven
}

/** Who pastes a report to ask about it begins, or ends, with a question; no server asks one. */
function asks(words: string): boolean {
  return /[?？](?:\s|$)/.test(words.slice(0, 300)) || /[?？]\s*(?:\S+\s*){0,4}$/.test(words.trimEnd().slice(-100))
}

const SYSTEM_LOCAL =
  /^(?:post_?master|postmast|sysadmin|uucp|mail-?administrator|mailadmin|mail-?delivery.*|mta|smtp|exim|postfix|sendmail|qmail|ndr.*|bounces?[-+=].*|.*-bounces?|noreply-dmarc.*|microsoftexchange[0-9a-f]{8,}|symantec.*|interscan.*|.*anti-?virus.*)$/
/** Where both servers and people write from. */
const OFFICE_LOCAL =
  /^(?:complaints|(?:.*-)?admin|administrator|delivery|system|nobody|root|bounces?|mailer|no-?reply)$/
const SYSTEM_NAME =
  /\b(?:mail(?:er)?[ -]?(?:daemon|delivery|system|administrator|router|server|gateway)|delivery (?:sub)?system|postmaster|internet mail (?:connector|delivery)|system administrator|systemadministrator|mail-?system|mdaemon|interscan|mailmarshal|messagelabs|symantec|mimecast|microsoft (?:outlook|exchange)|^exchange$|exchange (?:server|system|administrator)|smtp (?:gateway|server)|(?:mail|link) (?:to smtp|gateway))\b|系统退信|系統管理員|почтовая система|administrador del sistema|administrateur système/i

/** A server's answer, or a code of RFC 3463. */
const CODE = /(?<![\d.-])(?:[45]\d\d(?=[\s-]\S)|[45]\.\d{1,2}\.\d{1,3})(?![\d.])/
/** The address it is about, on a line of its own. */
const ADDRESSEE = /^[ \t*>-]{0,8}<?[^\s<>@,;:]{1,64}@[^\s<>@,;:]{1,255}>?(?::|\.\.\.|[ \t]*\(|[ \t]*$)/m
const BRACKETED = /<[^\s<>@]{1,64}@[^\s<>@]{1,255}>/
/** The header of the mail that came back, or the line above it. */
const RETURNED =
  /^[ \t>|]{0,8}message-id:|^[ \t>|-]{0,30}(?:original (?:message|mail|text)|unsent message|returned (?:message|mail)|non-delivered|message text|a copy of (?:the|your) message|below this line)/im

/** How servers begin such a subject. Anchored: "Fwd: Undeliverable: …" is a person asking about one. */
const SUBJECT_FORMS = [
  'undeliver(?:able|ed)\\b',
  'ndn:',
  'mail delivery (?:fail|error|status|problem|system|subsystem|notif)',
  'mail (?:could not be delivered|failure|system error|not delivered|delivery)',
  'mail status report',
  'deliver(?:y|ies) (?:status|fail|error|problem|notif|report|has failed|unsuccessful|incomplete|delayed)',
  'returned (?:mail|e-?mail|message|post|to sender)\\b',
  'return(?:ed)? mail from ',
  'failure (?:notice|notification|delivery)\\b',
  'failed (?:mail|delivery|to deliver)',
  'message (?:delivery|undeliver|could not be|not delivered|status - undeliver|you sent)',
  'non[- ]?deliver',
  'nondeliver',
  'notification of (?:undeliver|delivery)',
  'notice: mail delivery status',
  'warning: (?:could not send|message|delayed mail|delivery)|warning from uucp',
  'delayed mail\\b',
  'your (?:message|mail|e-?mail) (?:could not|couldn.t|was not|has not|to .{1,80} (?:couldn|could not))',
  'sorry, your message could not be delivered',
  'there was an error sending your mail',
  '\\[bounce\\]',
  'bounce(?:d)? (?:e-?mail|mail|message|notif)|e-?mail bounced',
  'unable to deliver',
  'could not (?:send|deliver)',
  'user unknown',
  'address(?:ee)? (?:not found|unknown)',
  'permanent(?: delivery)? (?:fail|error)',
  'dead letter',
  'zustellungsfehler|dauerhafter zustell|warnung: e-mail|(?:mail|nachricht) konnte nicht zugestellt|nicht zustellbar|unzustellbar|unzustellbare|zustellung fehlgeschlagen|fehler bei der (?:zustellung|nachrichten)',
  '(?:informe|aviso) de no entrega|no se (?:puede|pudo) entregar|no entregad|correo (?:no entregado|devuelto)|error en la entrega|notificación de estado de la entrega|mensaje no entregado',
  'não (?:é possível entregar|entregue|foi possível entregar)|mensagem não entregue|falha na entrega|mensagem devolvida|notificação de status',
  'non remis|message non (?:remis|distribu)|échec de (?:la )?(?:remise|livraison|distribution)|courrier non remis|avis de non-remise',
  'mancato recapito|messaggio non recapit|impossibile recapitare|non recapitabile',
  'onbestelbaar|niet bezorgd|kan niet worden bezorgd',
  'kan inte leverera|toimittamat|ei voi toimittaa|viestiä ei voitu toimittaa|meddelelsen kunne ikke leveres|ej levererbart|olevererbart|går ej att leverera|kan ikke leveres|ulevert',
  'не (?:уда(?:лось|[её]тся) )?достав|не вдалося доставити|недостав|сообщение не доставлено|ошибка доставки|возврат письма',
  'nedoručiteln|nelze doručit|nedoručen|kézbesíthetetlen|kézbesítés sikertelen|teslim edilem|nelivrabil|imposibil de livrat|δεν (?:παραδόθηκε|είναι δυνατή η παράδοση)|αδύνατη η παράδοση|niedostarcz|niedoręczon|nie można dostarczyć|zwrot',
  '投递失败|无法送达|未能送达|退信|系统退信|未送达|无法投递|未傳遞|無法傳遞|傳遞失敗|郵件無法傳遞',
  '配信失敗|配送失敗|メール配送|配信不能|配達不能|配信エラー|送信エラー|未配信|送信できません|メールが配信',
  '발송 ?실패|전송 실패|배달되지 않음|배달할 수 없음|반송',
  'לא ניתן למס(?:ור|ירה)|ההודעה לא נמסרה|تعذر التسليم|لم يتم التسليم|فشل التسليم',
].join('|')
const SUBJECT = new RegExp(`^(?:\\*+\\s*)?(?:${SUBJECT_FORMS})`, 'i')
const SUBJECT_ANYWHERE = new RegExp(SUBJECT_FORMS, 'i')

/** What the words of a report say in one form or another. */
const FAILED =
  /could ?n.t be delivered|could not be delivered|was(?: not|n.t) delivered|delivery (?:to the following|has failed|failed|attempts)|undeliver|permanent (?:fatal )?error|following (?:address|recipient|destination)|did not reach|unable to deliver|user unknown|unknown user|no such user|mailbox (?:is |was )?(?:unavailable|full|not found|disabled|over)|(?:message|mail) (?:to .{1,80} )?(?:was|has been|is) (?:rejected|blocked|refused|bounced|returned)|returned (?:to sender|below)|cannot be delivered|failure reasons|returned message|original mail as follows|transcript of session|unsent message|konnte nicht zugestellt|nicht zugestellt|no (?:se )?(?:pudo|puede) (?:ser )?entreg|não (?:pôde|foi) (?:ser )?entreg|n.a pas pu être|не (?:может быть|удалось|было) достав|送信できません|配信できません|送信に失敗|接続できません|宛先.{0,20}(?:存在しません|見つかりません)|无法投递|未送达|退回|失敗の理由|given up|delivery (?:failure|errors)|konnte folgende|nicht erreichen|kunne ikke leveres|kunde inte levereras|kan inte levereras|kon niet worden (?:bezorgd|afgeleverd)|impossibile (?:recapitare|consegnare)|non (?:è stato possibile|ha raggiunto)|nie (?:można|mogła) (?:być )?dostarcz|nelze doručit|nem (?:sikerült )?kézbesít|teslim edilem|rejected recipient|failed recipient|this is the mail system|created automatically by|unable to contact|(?:trying|able|attempt(?:ing|s)?) to deliver|unknown (?:recipient|address|mailbox)|user (?:not known|not found|not listed)|unbekannter empfänger|empfänger (?:unbekannt|existiert)|utilisateur inconnu|usuario desconocido|destinatario (?:desconocido|sconosciuto)|account (?:is )?(?:disabled|does not exist)|over quota/i
