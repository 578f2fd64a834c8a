import { describe, expect, test } from 'vitest'
import { asksSomething, isOnlyThanks } from '../../src/ticket/thanks.ts'

const names = ['Ada Lovelace', 'Kofi Mensah', 'Lucía Pérez', 'João Silva', 'Will Smith']

const only = `
Thanks!
thank you
Thank you so much 🙏
THANKS A LOT!!!
thx
Thx Kofi :)
ty
Thanks, Kofi!
Many thanks for your help.
Thank you very much for the quick reply. Have a nice day!
Ok thanks
OK
Okay, great, thank you!
Perfect, thanks
👍
👍🏽
🙏🙏
❤️
👍 thanks
Great, it works now. Thanks!
That fixed it, thank you!
All good now, thanks again :)
Got it, thanks
Awesome! You rock!
Much appreciated
Cheers mate
Thaaanks
Problem solved, thank you.
Hi Kofi, thank you for your help! Best regards, Ada
Hello Kofi,||Thank you very much.||Kind regards,|Ada Lovelace
Thanks!|Sent from my iPhone
Thank you|-- |Ada Lovelace|Acme Inc, +49 30 1234567
Thanks, that's all
Thank you for fixing it :-)
works like a charm, thanks
Gracias
¡Muchas gracias!
Mil gracias por todo
Muchas gracias por tu ayuda, Kofi. ¡Saludos!
Hola Kofi, ya funciona. Muchas gracias. Un saludo, Lucía
Perfecto, gracias
Vale, gracias 👍
Listo, muchas gracias por la pronta respuesta
Solucionado. Gracias!
Excelente atención, muchas gracias
Buenos días, muchas gracias. Saludos cordiales|Lucía Pérez
gracias, que tengas un buen día
Te agradezco mucho
Genial!!!
Entendido, gracias
Obrigado!
Muito obrigada pela ajuda 🙏
Valeu!
Ok, obrigado
Deu certo, muito obrigado
Perfeito, agradeço pelo retorno. Abraço, João
Bom dia, funcionou. Obrigada!
vlw 👍
Show de bola, obrigado
Agradeço a atenção. Atenciosamente, João Silva
Danke!
Vielen Dank für die schnelle Hilfe
Danke schön, funktioniert jetzt. Viele Grüße, Ada
Alles klar, danke
Besten Dank und schönes Wochenende
Mit freundlichen Grüßen|vielen Dank|Ada Lovelace
Merci beaucoup
Merci pour votre aide, bonne journée
Parfait, merci !
Ça marche maintenant, merci. Cordialement, Ada
D’accord, merci bien
Je vous remercie pour votre réponse rapide
`

const more = `
Thanks, but it still fails
Thanks, but no
Thank you. One more thing
Thanks. It happened again
Thanks, when will it be fixed?
Thanks in advance
Thank you in advance for your help
Thanks for nothing
Thanks for closing my ticket
no thanks
No
Yes
yes please
Yes, thanks
Ok?
thanks?
Thanks, and the other store too
Thanks, what about order 1234
Thanks 1234
Thanks, it is 5% now
Thanks. Broken
Thanks, still broken
Thanks - not working
Thanks, not solved
Not solved
it works sometimes
It works now but slowly
It worked yesterday
It does not work
it doesn't work
works on my phone only
👎
👎 thanks
😢
😡
❌
❓
🤔
Thanks 🤔
🙃
thanks, I will try tomorrow
Thanks, I'll let you know
Thanks, waiting for your reply
Thanks, looking forward to hearing from you
Thanks, please reopen
please
Please reopen
Reopen
Thanks, please close the other one
Thanks, can you check the invoice
Thanks Kofi can you call me
Thank you, see attachment
Thank you, see https://acme.example/log
thanks @kofi
Great, now the printer is on fire
wait
Thanks wait
Thanks, one question
Thanks a lot for the workaround, the bug is still there
Thanks for looking into it, any news
Thanks, any update
OK for this
Ok for the update
Ok go ahead
ok, do it
Good, then delete the account
Perfect, delete it
Agreed
Approved
I agree
Sure
Fine
done
Done, I sent the file
Thanks, I sent it
Hi Kofi
Best regards, Ada
Kofi
Hello
Dear Kofi,||Best regards,|Ada
Thanks, error
Thanks, same error
Same here
thanks again for the wrong answer
thank you for your quick help but the invoice is wrong
Thank god
+1
Help
Help, thanks
Urgent
thanks /reopen
Thanks = not
Gracias, pero sigue igual
Gracias pero no
Gracias, sigue sin funcionar
Gracias de antemano
Muchas gracias de antemano por su ayuda
Gracias, ¿cuándo estará listo?
Gracias, cuando estara listo
No funciona
No, gracias
Ya no funciona, gracias
Funciona mal
Gracias, otra cosa
Gracias por nada
Gracias, quedo a la espera
Gracias, quedo atento
Gracias, me falta la factura
Ok gracias, lo pruebo y te digo
Sí
Si, gracias
Perfecto, y la otra tienda
Hola
Vale, hazlo
Obrigado, mas não funcionou
Obrigada, mas ainda não
Não funcionou
Ainda não, obrigado
Desde já agradeço
Desde já, obrigado
Obrigado, fico no aguardo
Obrigado, quando chega
Ok, pode fazer
Sim, obrigado
Obrigado por nada
Valeu, e o outro pedido
Não
Danke, aber es geht nicht
Danke im Voraus
Vielen Dank im Voraus
Funktioniert nicht, danke
Danke, wann ist es fertig
Nein danke
Ja, danke
Danke, Problem besteht weiter
Danke, geht immer noch nicht
Alles klar, machen Sie das
Merci, mais ça ne marche pas
Merci d'avance
Merci, quand est-ce prêt
Non merci
Oui merci
Merci de rouvrir
Merci de me rappeler
Merci, toujours en panne
ca ne marche pas, merci
谢谢
Спасибо
ありがとう
.
...
:partyparrot:
`

const lines = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replaceAll('|', '\n'))

describe('what is thanks and nothing else', () => {
  test.each(lines(only))('is: %j', (said) => {
    expect(isOnlyThanks(said, { names })).toBe(true)
  })
  test.each(lines(more))('is not: %j', (said) => {
    expect(isOnlyThanks(said, { names })).toBe(false)
  })
  test('there are enough of both', () => {
    expect(lines(only).length).toBeGreaterThanOrEqual(60)
    expect(lines(more).length).toBeGreaterThanOrEqual(120)
  })

  test.each(['', ' ', '\n', '!', '🖨️', '-- \nAda'])('nothing said is no thanks: %j', (said) => {
    expect(isOnlyThanks(said, { names })).toBe(false)
  })

  test.each([
    'Ok',
    '👍',
    'Perfect',
    'ok thanks',
    'Great, thank you',
    'Vale',
    'Perfeito, obrigado',
    'Alles klar',
    'D’accord',
  ])('after a question it may be the answer: %j', (said) => {
    expect(isOnlyThanks(said, { names, wasAsked: false })).toBe(true)
    expect(isOnlyThanks(said, { names, wasAsked: true })).toBe(false)
  })

  test.each(['Thanks!', 'Gracias Kofi', 'Obrigado pela ajuda', 'Danke', 'Merci 🙏'])(
    'after a question too, thanks alone are thanks: %j',
    (said) => {
      expect(isOnlyThanks(said, { names, wasAsked: true })).toBe(true)
    },
  )

  test('a name that nobody on the ticket has may be a word that matters', () => {
    expect(isOnlyThanks('Thanks Kofi', { names })).toBe(true)
    expect(isOnlyThanks('Thanks Kofi')).toBe(false)
    expect(isOnlyThanks('Thanks Printer', { names })).toBe(false)
    expect(isOnlyThanks('Thanks, no', { names: ['Dr. No'] })).toBe(false)
  })

  test('a long text is read by nobody to the end, and a hostile one in a moment', () => {
    expect(isOnlyThanks('thanks '.repeat(200))).toBe(false)
    const startedAt = performance.now()
    isOnlyThanks(`${'thank you '.repeat(59)}x`)
    isOnlyThanks('a'.repeat(600))
    isOnlyThanks('🙏'.repeat(200))
    expect(performance.now() - startedAt).toBeLessThan(200)
  })
})

test.each([
  ['Shall we delete the old account too?', true],
  ['It is fixed. Do you want a refund?', true],
  ['It is fixed. Is there anything else we can do for you?', false],
  ['Listo. ¿Podemos ayudarte en algo más?', false],
  ['Resolvido. Posso ajudar com mais alguma coisa?', false],
  ['Fixed. Anything else? Shall I close the other one?', true],
  ['It is fixed.', false],
  ['', false],
])('what asks for a yes: %j', (answer, expected) => {
  expect(asksSomething(answer)).toBe(expected)
})
