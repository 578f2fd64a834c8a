// Words that mail programs write around a quote, in the languages we have seen. They only ever support what the
// structure says: a date, an address, a colon, `>` lines. No line is cut for its words alone, except a mobile signature (sent-from.ts).

/** "wrote", as it stands in an attribution. */
export const WROTE =
  /(?:\bwrote\b|\bwrites\b|\bschrieb\b|\bgeschrieben\b|escribi[oó]|escreveu|\ba\s+écrit|écrit|ha\s+scritto|\bscrisse\b|\bschreef\b|\bskrev\b|\bhar\s+skrivit\b|\bkirjoitti\b|napisa[łl]|пишет|писал|написал|пише|写道|寫道|寫了|写了|のメール|書きました|wrote\b|napsal|yazdı|şunu\s+yazdı|a\s+scris|írta|έγραψε|كتب|كتابة|כתב|작성|va\s+escriure|ha\s+escrit|kirjoitti|đã\s+viết|menulis|skreiv)/iu

/** How the first line of an attribution begins, where it does not begin with a date, a weekday, a name or an address. */
export const ON =
  /^(?:on|am|le|el|em|il|op|den|på|dne|dnia|w\s+dniu|w\s+dn\.|il\s+giorno|no\s+dia|в|на|у|in\s+(?:article|message)|quoting|quote\s+from|zitat\s+von|citando|citazione|selon|at|a|pe|dana|tarihinde|vào|pada|στις|في|ב|בתאריך|در|在|于|於)(?=[\s\d])/iu

/** The From label of a quoted header block. */
export const FROM_LABEL =
  /^(?:from|von|de|da|van|från|fra|od|от|от\s+кого|від|发件人|寄件者|寄件人|差出人|送信者|送信元|보낸\s?사람|من|מאת|expéditeur|remitente|remetente|mittente|lähettäjä|feladó|gönderen|kimden|afzender|absender|avsändare|od koho|de la|από|dari|từ|enviat per|šalje|pošiljatelj|пошиљалац|подател|nuo|saatja|afsender|remetent)$/iu

/** The Subject label of a quoted header block. */
export const SUBJECT_LABEL =
  /^(?:subject|betreff|asunto|assunto|objet|sujet|oggetto|onderwerp|ämne|emne|aihe|temat|тема|主题|主旨|主題|件名|제목|الموضوع|נושא|předmět|konu|tárgy|subiect|θέμα|subjek|perihal|chủ đề|predmet|predmet správy|тема листа|относно|tēma|teema|assumpte|betr|betr\.|ogg|objet du message|re)$/iu

/** The other labels: Sent, Date, To, Cc, Reply-To, Importance, Attachments. */
export const OTHER_LABEL =
  /^(?:sent|date|sent at|sent on|to|cc|bcc|reply-to|importance|priority|attachments?|organization|gesendet|gesendet am|datum|an|kopie|antwort an|wichtigkeit|anlagen|enviado|enviado el|enviada|enviado em|enviada em|enviada el|fecha|data|hora|para|envoyé|envoyé le|date d'envoi|à|a|pour|inviato|data invio|per|verzonden|aan|skickat|skickades|till|sendt|til|lähetetty|vastaanottaja|wysłano|wysłane|data|do|dw|отправлено|дата|кому|копия|отправлен|发送时间|发送日期|日期|收件人|抄送|時間|寄件日期|傳送時間|收件者|副本|日時|送信日時|宛先|보낸 날짜|날짜|받는 사람|받는사람|참조|تاريخ الإرسال|التاريخ|أرسلت|إلى|نسخة|نסלח|תאריך|אל|odesláno|komu|gönderildi|tarih|kime|trimis|către|dikirim|kepada|ngày|tới|đến|elküldve|címzett|másolatot kap|στάλθηκε|ημερομηνία|προς|κοιν|odoslané|kópia|poslano|prima|za|enviat el|enviat|per a|надіслано|копія|изпратено|до|saadetud|išsiųsta|kam|nosūtīts|kellele|נשלח|לכבוד|تم الإرسال|tanggal|được gửi|傳送日期|发送|送信|寄送)$/iu

/** Between dashes: what follows is the mail being answered. */
export const ORIGINAL =
  /^(?:original\s?message|original|original appointment|original email|reply message|replied message|(?:ursprüngliche|original-?)\s?(?:nachricht|e-?mail)|urspr[üu]ngliche nachricht|originalnachricht|mensaje original|mensagem original|message d['’]origine|message original|message initial|messaggio originale|oorspronkelijk(?:e)?\s?bericht|ursprungligt meddelande|opprinnelig melding|oprindelig meddelelse|alkuperäinen viesti|(?:oryginalna\s)?wiadomość oryginalna|oryginalna wiadomość|исходное сообщение|исходное письмо|оригинальное сообщение|原始邮件|原邮件|原始郵件|原始信件|元のメッセージ|원본 메시지|원본\s?메일|الرسالة الأصلية|הודעה מקורית|původní zpráva|orijinal mesaj|orijinal ileti|eredeti üzenet|mesaj original|missatge original)$/iu

/** Between dashes, or alone with a colon: what follows is passed on, and belongs to this mail. */
export const FORWARDED =
  /^(?:begin\s+forwarded\s+message|forwarded\s+message|forwarded\s+by.{0,80}|forwarded|forwarded\s+mail|start of forwarded message|(?:anfang der )?weitergeleitete[rn]?\s+(?:nachricht|e-?mail|mail)|(?:inicio del )?mensaje\s+reenviado|reenviado|(?:início da )?mensagem\s+(?:encaminhada|reencaminhada)|(?:début du )?message\s+(?:transféré|transmis|réexpédié)|(?:inizio )?messaggio\s+inoltrato|inizio messaggio inoltrato|doorgestuurd\s+bericht|(?:begin )?doorgestuurd bericht|vidarebefordrat\s+meddelande|videresendt\s+(?:melding|meddelelse)|välitetty\s+viesti|wiadomość\s+przekazana|przekazana\s+wiadomość|(?:начало\s+)?(?:пересланного|переадресованного|пересылаемого|перенаправленного)\s+сообщения|(?:пересылаемое|пересланное|переадресованное|перенаправленное)\s+(?:сообщение|письмо)|(?:以下是)?转发的邮件|转发邮件信息|转发的消息|转发信息|轉寄的郵件|轉寄郵件|轉寄訊息|転送(?:された)?メッセージ|転送されたメール|転送メール|전달된\s+메시지|(?:بدء\s+)?(?:الرسالة\s+)?(?:المعاد\s+توجيهها|رسالة\s+معاد\s+توجيهها|رسالة\s+مُعاد\s+توجيهها|المُعاد\s+توجيهها)|رسالة\s+محولة|הודעה\s+שהועברה|přeposlaná\s+zpráva|iletilen\s+mesaj|iletilmiş\s+ileti)$/iu
