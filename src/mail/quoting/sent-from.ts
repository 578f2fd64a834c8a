// What a phone or a mail program writes under each mail: "Sent from my iPhone", "Get Outlook for iOS". The only words that
// are cut for what they are, so every word of the line must be one such a line is made of: a device or a program, a name
// (with a capital), or a word between them. "Sent from the Hamburg office" and "Sent my phone back" are a person's.

/** Whether `line` is such a line. */
export function isSentFrom(line: string): boolean {
  if (line.length > 600) return false
  const text = line
    .replace(/[<([]?https?:\/\/[^\s>)\]]{1,500}[>)\]]?/g, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069*_|®™[\]()]/g, ' ')
    .trim()
    .replace(/[.!。]$/, '')
    .replace(APOLOGY, '')
    .replace(/^this (?:message|e-?mail|mail) (?:was|has been|is) (?=sent )/i, '')
    .replace(/[.!]$/, '')
  if (text.length > 120) return false
  const words = text.split(/\s+/)
  if (words.length > 14) return false
  return sentThenDevice(words) || deviceThenSent(words) || GET_APP.test(text) || UNSPACED.test(text)
}

/** `Sent from my …`, `Отправлено с …`, `Gesendet mit der … App`. */
function sentThenDevice(words: string[]): boolean {
  const [sent = '', by = '', mine = ''] = words
  if (!SENT.test(sent) || !BY.test(by) || words.length < 3) return false
  const rest = words.slice(2)
  // "Sent from my Palm Pre": any name, if it is mine.
  if (/^my$/i.test(mine)) return rest.length > 1 && rest.slice(1).every(fits)
  return rest.some(isDevice) && rest.every(fits)
}

/** `Von meinem iPhone gesendet`, `Diese Nachricht wurde von … gesendet`, `iPhone'umdan gönderildi`. */
function deviceThenSent(words: string[]): boolean {
  const middle = words.slice(/^diese$/i.test(words[0]!) && /^wurde$/i.test(words[2] ?? '') ? 3 : 0, -1)
  if (!SENT.test(words.at(-1)!)) return false
  const begins = BY.test(middle[0] ?? '') || (middle.length === 1 && /['’]/.test(middle[0]!))
  return begins && middle.some(isDevice) && middle.every(fits)
}

const fits = (word: string) => isDevice(word) || FILLER.test(word) || /^[\p{Lu}\d+&–-]/u.test(word)
const isDevice = (word: string) => DEVICE.test(word.replace(/[,;]$/, ''))

const SENT =
  /^(?:sent|connected|gesendet|versendet|verschickt|enviado|enviada|enviat|mandado|mandato|envoyé|inviato|verzonden|verstuurd|skickat|sendt|lähetetty|wysłane|wysłano|отправлено|послано|надіслано|изпратено|poslano|posláno|odoslané|odesláno|gönderildi|trimis|στάλθηκε|dikirim)$/iu
const BY =
  /^(?:from|via|with|using|by|on|through|von|vom|mit|aus|über|per|desde|con|de|do|da|del|dal|dalla|depuis|avec|pelo|pela|com|tramite|vanaf|van|vanuit|met|från|fra|med|z|ze|s|iz|с|со|из|через|від|з|из|от|из|pe|din|από|dari|w|på|par|mediante)$/iu
const DEVICE =
  /^(?:iphon\p{L}{0,3}|i(?:pad|pod|os)|android|samsung|galaxy|black|blackberry|windows|nokia|htc|huawei|xiaomi|redmi|oneplus|pixel|nexus|motorola|moto|lg|sony|xperia|oppo|vivo|honor|mobile|mobil\p{L}*|phone|cell|cellphone|handy|handheld|smart-?phone\p{L}*|smart|tablet|t[eé]l[eé](?:fono|phone)|telefon\p{L}*|celular|m[oó]vil|telem[oó]vel|portable|pc|laptop|computer|webmail|телефон\p{L}*|смартфон\p{L}*|мобильн\p{L}*|outlook|yahoo!?|gmail|proton(?:mail)?|spark|airmail|k-9|mail\.ru|yandex\S{0,9}|яндекс\S{0,9}|почт\p{L}*|aol|zoho|nine|surface|bluemail|mailbird|mymail|ymail|web\.de|gmx|fastmail|hey|superhuman|thunderbird|droid|boxer|macbook|mac|watch|verizon|at&t|t-mobile|orange|libero|typeapp|unibox|polymail|newton|mailspring|canary|edison|front|missive|correo|courrier|posta|e?-?mail)(?:['’-]\p{L}{1,6})?$/iu
const FILLER =
  /^(?:my|mijn|mein\p{L}*|mi|mon|ma|meu|minha|mio|mia|min|mitt|mein|moj\p{L}*|mého|моего|моей|мого|meu|telefonul|the|a|an|new|free|for|from|using|by|on|network|wireless|device|app|application|applicazione|aplicativo|aplicación|l['’]application|l['’]appli|secure|encrypted|with|via|and|der|die|das|dem|den|el|la|le|les|il|lo|o|of|für|pour|para|per|voor|för|til|till|на|для|auf|sur|no|em|en|op|på|su|de|del|do|da|mit|with|inteligente|intelligent|gerät|enhed|enhet|apparaat|dispositivo|appareil|pe|meu|мобильного|приложения|lite|plus|pro|ultra|max|mini)$/iu

/** `Get Outlook for iOS`, `Holen Sie sich Outlook für Android`, `获取适用于 iOS 的 Outlook`. */
const GET_APP =
  /^(?:(?:get|download|holen sie sich|laden sie|obtener|obtén|obtenga|descargar|obtenir|télécharger|obter|baixar|baixe|obtenha|scarica|ottieni|hämta|pobierz|stáhnout|hanki|hent|získat|получить|скачать|скачайте|установить|завантажити)\s+(?:o |a |el |le |il |l['’])?\S{2,20}(?:\s\S{2,20})?\s+(?:for|für|para|pour|per|voor|för|til|till|dla|pro|для|на)\s+(?:ios|android|iphone|mac|windows)|(?:获取|下载|取得|取得適用於|الحصول على|احصل على).{0,20}outlook.{0,20}|outlook.{1,30}(?:を入手|beziehen|herunterladen|holen|가져오기|다운로드).{0,10})$/iu

/** Languages that write without blanks, or from right to left. */
const UNSPACED =
  /^(?:(?:发自|發自|寄自|傳送自|来自|來自)[^。，,]{0,14}(?:iphone|ipad|android|手机|手機|邮箱|郵箱|邮件|郵件|mail|outlook|galaxy|huawei|xiaomi|小米|华为|客户端).{0,14}|(?:從|从|由)[^。，,]{1,25}(?:傳送|发送|發送|寄出)|(?:أُ?رسلت?|تم\s+الإرسال|נשלח)\s.{0,20}(?:iphone|ipad|android|galaxy|outlook|الهاتف|جهاز|هاتف|טלפון|אייפון|yahoo|mail).{0,30}|.{0,25}(?:iphone|ipad|android|スマートフォン|mail|メール|galaxy|outlook|xperia|휴대폰|스마트폰).{0,15}(?:から送信|で送信|より送信|에서 보냄|에서 보냈습니다)(?:されました)?)$/iu

/** "…, please excuse brevity and typos": what follows the device says nothing else. */
const APOLOGY =
  /[.,;!–-]?\s*(?:so |bitte |please )?(?:please |kindly )?(?:excuse|pardon|forgive|ignore|apologi[sz]e for|apologies for|sorry for|entschuldige\S*|verzeihe\S*|disculp\S*|desculp\S*|excusez|veuillez excuser|scusa\S*)\s(?=.{0,60}(?:typo|brev|terse|short|spell|autocorrect|mistake|error|tippfehler|kürze|fehler|erros|faute|erreur)).{0,90}$/iu
