/**
 * What people say when they say nothing but thanks, by language, without accents and capitals. *thanks* says it by itself;
 * *consent* does too, unless a question was asked before (then it may be the answer); *trimmings* only go with them. No word
 * of doubt, wish or time is here on purpose, nor "in advance", which asks for something: whatever is not here reopens.
 */
export interface Phrases {
  thanks: string[]
  consent: string[]
  trimmings: string[]
}

export const phrases: Record<'en' | 'es' | 'pt' | 'de' | 'fr', Phrases> = {
  en: {
    thanks: list(`
      thanks, thank you, thank u, thankyou, thx, thnx, tnx, ty, tysm, cheers, much appreciated, many thanks,
      thanks a lot, thanks a million, thanks a bunch, thanks a ton, thanks so much, thank you so much,
      thank you very much, thanks very much, really appreciate it, i appreciate it, i really appreciate it,
      appreciate it, appreciated, i appreciate your help, we appreciate it, appreciate your help,
      appreciate the help, really appreciate your help, you rock, you are the best, you're the best,
      you are awesome, you're awesome, you are a star, you're a star, lifesaver, you are a lifesaver,
      you're a lifesaver, great job, good job, nice work, great work, great support, great service,
      excellent service, excellent support, amazing service, well done, kudos`),
    consent: list(`
      ok, okay, okey, kk, great, perfect, awesome, excellent, wonderful, fantastic, amazing, brilliant, super,
      cool, nice, lovely, sweet, noted, understood, got it, received, all good, all good now, all set,
      all set now, good, very good, sounds good, that is great, that's great, that's perfect, that is perfect,
      works, it works, it works now, works now, it is working now, it's working now, working now,
      it works again, works again, works perfectly, it works perfectly, works like a charm, that worked,
      that works, it worked, that did it, that did the trick, fixed, that fixed it, it is fixed, it's fixed,
      solved, it is solved, it's solved, problem solved, issue solved, issue resolved, problem resolved,
      resolved, it is resolved, it's resolved`),
    trimmings: list(`
      for your help, for the help, for all your help, for all the help, for helping, for helping me,
      for helping us, for your quick help, for the quick help, for your support, for the support, for that,
      for your quick reply, for the quick reply, for your reply, for the reply, for your response, for this,
      for the response, for the quick response, for your quick response, for the fast response, for it,
      for the fast reply, for your answer, for the answer, for the update, for the info, for letting me know,
      for the information, for the explanation, for explaining, for the clarification, for your time,
      for your patience, for fixing it, for fixing this, for fixing that, for solving it, for solving this,
      for sorting it, for sorting this, for sorting this out, for sorting it out, for resolving this,
      for resolving it, for the quick fix, for the fix, for everything, for all, to you, to all, to you all,
      to everyone, to the team, to your team, to you and your team, for being so quick, again, once again,
      a lot, so much, very much, really, so, guys, team, all, everyone, everybody, folks, mate, sir, madam,
      support team, dear, hi, hello, hey, hi there, hello there, hi all, hi team, good morning, good afternoon,
      good evening, have a nice day, have a great day, have a good day, have a good one, have a nice weekend,
      have a great weekend, have a good weekend, have a nice evening, have a lovely day, enjoy your weekend,
      nice weekend, take care, bye, best, best regards, regards, kind regards, warm regards, warmest regards,
      with kind regards, with best regards, best wishes, all the best, sincerely, yours sincerely, yours truly,
      cheers, rgds, br, and, with thanks, that's all, that is all`),
  },
  es: {
    thanks: list(`
      gracias, muchas gracias, muchisimas gracias, mil gracias, mil gracias por todo, gracias totales,
      te agradezco, te lo agradezco, se lo agradezco, os lo agradezco, les agradezco, le agradezco, agradecido,
      agradecida, muy agradecido, muy agradecida, agradecidos, muy agradecidos, se agradece, muy amable,
      muy amables, eres un crack, eres una crack, sois unos cracks, son unos cracks, son los mejores,
      sois los mejores, eres el mejor, eres la mejor, excelente servicio, excelente atencion, gran trabajo,
      buen trabajo, un millon de gracias, grax, infinitas gracias, agradezco su ayuda, agradezco tu ayuda,
      agradezco la ayuda, agradezco mucho la ayuda, te agradezco mucho, gracias de nuevo`),
    consent: list(`
      ok, oki, okey, vale, perfecto, genial, excelente, estupendo, fenomenal, fantastico, buenisimo, de acuerdo,
      entendido, recibido, listo, todo listo, ya esta, ya quedo, quedo perfecto, todo bien, todo en orden,
      todo ok, todo correcto, todo perfecto, muy bien, que bien, barbaro, joya, chevere, ya funciona, funciona,
      funciona perfecto, funciona perfectamente, ya funciona perfecto, funciono, ya funciona bien,
      ya funciona todo, ahora funciona, ahora si funciona, ahora si, ya funciono, solucionado,
      ya esta solucionado, esta solucionado, resuelto, ya esta resuelto, esta resuelto, problema resuelto,
      problema solucionado, quedo resuelto, quedo solucionado, super, bien`),
    trimmings: list(`
      por tu ayuda, por su ayuda, por la ayuda, por vuestra ayuda, por toda la ayuda, por toda tu ayuda,
      por toda su ayuda, por ayudarme, por ayudarnos, por tu apoyo, por su apoyo, por el apoyo, por el soporte,
      por tu respuesta, por su respuesta, por la respuesta, por la rapida respuesta, por la pronta respuesta,
      por su pronta respuesta, por tu pronta respuesta, por responder, por responder tan rapido, por contestar,
      por la rapidez, por tu rapidez, por su rapidez, por la informacion, por la info, por la aclaracion,
      por aclararlo, por aclarar, por la explicacion, por avisar, por tu tiempo, por su tiempo, por todo,
      por tu paciencia, por su paciencia, por la paciencia, por la atencion, por su atencion, por tu atencion,
      por la gestion, por su gestion, por tu gestion, por solucionarlo, por resolverlo, por arreglarlo,
      por la solucion, por vuestro apoyo, por vuestra rapidez, a ti, a usted, a ustedes, a vosotros, a todos,
      a todo el equipo, al equipo, equipo, chicos, chicas, de nuevo, nuevamente, otra vez gracias, mucho, muy,
      y, estimado, estimada, estimados, hola, hola a todos, hola equipo, buenas, buen dia, buenos dias,
      buenas tardes, buenas noches, que tengas buen dia, que tengas un buen dia, feliz dia,
      que tenga un buen dia, que tenga buen dia, que tengan buen dia, que tengan un buen dia, feliz tarde,
      buen fin de semana, feliz fin de semana, saludos, un saludo, saludos cordiales, cordiales saludos,
      un cordial saludo, cordialmente, atentamente, un abrazo, abrazos, abrazo, besos, slds, adios, chao,
      feliz semana, buena semana, que tengas lindo dia, lindo dia, bendiciones, saludo, eso es todo,
      eso era todo`),
  },
  pt: {
    thanks: list(`
      obrigado, obrigada, obrigados, muito obrigado, muito obrigada, muitissimo obrigado, obg, obgd,
      muitissimo obrigada, brigado, brigada, brigadao, obrigadao, valeu, vlw, agradeco, agradecemos, agradecido,
      agradecida, muito agradecido, muito agradecida, grato, grata, muito grato, muito grata, gratidao,
      agradeco muito, agradeco a ajuda, agradeco pela ajuda, agradeco o retorno, agradeco a atencao,
      otimo trabalho, excelente trabalho, otimo atendimento, excelente atendimento, voces sao demais,
      voce e demais, parabens pelo atendimento, parabens pelo trabalho, muito gentil`),
    consent: list(`
      ok, okay, blz, beleza, perfeito, otimo, excelente, maravilha, show de bola, legal, joia, certo, combinado,
      entendi, entendido, recebido, ciente, tudo certo, tudo certo agora, tudo ok, tudo bem agora, deu certo,
      agora deu certo, deu tudo certo, funcionou, funcionou perfeitamente, agora funcionou, esta funcionando,
      ja esta funcionando, agora esta funcionando, funciona, ja funciona, resolvido, esta resolvido,
      ja esta resolvido, problema resolvido, foi resolvido, resolveu, top, muito bom, que bom, bom, bacana,
      sensacional, fantastico`),
    trimmings: list(`
      pela ajuda, pela sua ajuda, por toda a ajuda, por ajudar, por me ajudar, por nos ajudar, pelo apoio,
      pelo suporte, pelo retorno, pelo rapido retorno, pelo retorno rapido, pela resposta, pela rapida resposta,
      pela resposta rapida, pela rapidez, pela agilidade, pela atencao, pela informacao, pelas informacoes,
      pela explicacao, pelo esclarecimento, pelos esclarecimentos, pela paciencia, pelo tempo, pela solucao,
      pelo atendimento, pelo excelente atendimento, pelo otimo atendimento, por resolver, por avisar, por tudo,
      a voce, a voces, a todos, a equipe, equipe, pessoal, gente, galera, novamente, mais uma vez, muito, mesmo,
      demais, e, prezado, prezada, prezados, oi, ola, ola pessoal, oi pessoal, bom dia, boa tarde, boa noite,
      tenha um bom dia, tenha um otimo dia, tenham um bom dia, tenham um otimo dia, um otimo dia, otimo dia,
      bom trabalho, bom fim de semana, otimo fim de semana, bom final de semana, otimo final de semana,
      boa semana, otima semana, abraco, abracos, um abraco, abs, att, atenciosamente, cordialmente, saudacoes,
      sds, ate mais, tchau, grande abraco, forte abraco, e so isso, era so isso`),
  },
  de: {
    thanks: list(`
      danke, danke schon, dankeschon, danke schoen, vielen dank, besten dank, herzlichen dank, lieben dank,
      tausend dank, danke sehr, dankesehr, danke vielmals, ich danke ihnen, ich danke dir, ich danke euch,
      danke dir, danke euch, danke ihnen, wir danken ihnen, merci, vielen lieben dank, super service,
      vielen herzlichen dank, toller service, gute arbeit, super arbeit, tolle arbeit`),
    consent: list(`
      ok, okay, alles klar, super, perfekt, prima, toll, klasse, wunderbar, ausgezeichnet, spitze, verstanden,
      erhalten, passt, alles gut, sehr gut, gut, bestens, top, erledigt, hat geklappt, es hat geklappt,
      das hat geklappt, hat funktioniert, es funktioniert, es funktioniert jetzt, geht jetzt, funktioniert,
      funktioniert jetzt, jetzt funktioniert es, jetzt geht es, es geht jetzt, geht wieder, funktioniert wieder,
      es funktioniert wieder, jetzt funktioniert alles, problem gelost, ist gelost`),
    trimmings: list(`
      fur die hilfe, fur ihre hilfe, fur deine hilfe, fur eure hilfe, fur die schnelle hilfe, fur alles,
      fur ihre schnelle hilfe, fur die unterstutzung, fur ihre unterstutzung, fur die antwort, fur ihre antwort,
      fur die schnelle antwort, fur die schnelle ruckmeldung, fur die ruckmeldung, fur die info, fur ihre muhe,
      fur die information, fur die schnelle losung, fur die losung, fur ihre zeit, an alle, an das team, team,
      fur deine schnelle hilfe, fur deine muhe, fur die muhe, sehr, nochmal, nochmals, noch einmal, und, hallo,
      hallo zusammen, guten tag, guten morgen, guten abend, liebes team, lieber, liebe, moin, hi, schonen tag,
      schonen tag noch, einen schonen tag, einen schonen tag noch, schones wochenende, schonen abend,
      schonen feierabend, mit freundlichen grussen, freundliche grusse, viele grusse, liebe grusse,
      beste grusse, herzliche grusse, schone grusse, grusse, gruss, mfg, lg, vg, tschuss, bis bald, das war es,
      das wars`),
  },
  fr: {
    thanks: list(`
      merci, merci beaucoup, merci bien, mille mercis, mille merci, un grand merci, grand merci,
      merci infiniment, merci mille fois, encore merci, merci encore, je vous remercie, je te remercie,
      nous vous remercions, je vous en remercie, excellent service, bravo, beau travail, bon travail,
      super service, vous etes au top, tu es au top`),
    consent: list(`
      ok, okay, d'accord, dac, parfait, super, genial, excellent, impeccable, nickel, top, tres bien, bien recu,
      bien note, compris, entendu, c'est bon, c'est parfait, c'est note, tout est bon, tout fonctionne,
      ca marche, ca fonctionne, ca marche maintenant, ca fonctionne maintenant, ca a marche, c'est resolu,
      probleme resolu, resolu, tout est en ordre, formidable, cool`),
    trimmings: list(`
      pour votre aide, pour ton aide, pour l'aide, pour votre reponse, pour ta reponse, pour la reponse,
      pour votre reponse rapide, pour la reponse rapide, pour votre rapidite, pour la rapidite, pour tout,
      pour votre retour, pour ton retour, pour le retour, pour votre retour rapide, pour votre soutien,
      pour l'info, pour l'information, pour les informations, pour vos explications, pour votre temps,
      pour votre patience, pour votre reactivite, pour la reactivite, a vous, a toi, a tous, a l'equipe,
      a toute l equipe, a toute l'equipe, beaucoup, tres, et, bonjour, bonsoir, salut, cher, chere,
      bonne journee, bonne soiree, bon week-end, bon weekend, tres bonne journee, cordialement, bien a vous,
      bien cordialement, tres cordialement, cdt, amicalement, salutations, sinceres salutations, a bientot,
      bonne continuation, bonne fin de journee, au revoir, bises, c'est tout`),
  },
}

/** Signs that say the same as such words; one that is not here (👎, 😢, ❓) says something else. */
export const signs: Record<'thanks' | 'consent', string[]> = {
  thanks: [...'🙏❤💙💚💛🧡💜🤍🖤♥💕💖🥰😍🤗🫶🙇💐🌹🎉🥳👏🙌'],
  consent: [...'👍👌✅☑✔💯😊🙂😀😃😄😁😉☺🤩😎🤝💪⭐🌟✨🚀😌'],
}

function list(text: string): string[] {
  return text.split(',').map((phrase) => phrase.trim())
}
