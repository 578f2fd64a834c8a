/**
 * Words that people say of whatever they ask for: that they ask, that something does not work, since when. They tell little
 * about which article fits, however few articles have them. Folded.
 */
const byLanguage: Record<string, string> = {
  en: `hello hi hey dear good morning please pls kindly thanks thank regards help helps helping need needs needed want wants
    wanted like problem problems issue issues error errors wrong wrongly fail fails failed failing failure work works working
    worked broken trouble question questions urgent urgently asap since yesterday today now still anymore again always never
    unable impossible get gets getting got gotten try tries tried trying make makes made making use uses used using show shows
    showing shown see seeing seen say says saying said tell know let lets put give gives giving find somebody someone anybody
    anyone something everything anything thing things way possible maybe also day days week weeks new change changes changing
    changed update updates updating updated set setting add adding create creating take takes come comes coming go goes going
    happen happens happening happened support supports right well correctly properly up back one two three per via without
    receive receives received every still yet already call calls called look looks finish customer customers client clients
    january february march april may june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday though although even just much many more most very really quite such same other another few lot lots
    person people able sure fine ok okay nobody none while before after during morning afternoon evening night tonight month
    months year years last next past explain expect expected because however whether instead either without within
    anyway already soon ago old seems seem looks become became keep keeps kept`,
  es: `hola buenas buenos dias dia tardes favor gracias saludos ayuda ayudar ayudenme necesito necesita necesitamos necesitan
    quiero quiere queremos quieren quisiera quisieramos puedo puede pueden podemos podria podrian problema problemas error
    errores falla fallo fallan fallas mal funciona funcionan funcionar funcionando anda andan sirve sirven urgente ayer hoy ahora
    sigue siguen todavia aun nunca siempre hacer hago hace hacen hacemos hecho aparece aparecen aparecer sale salen salir muestra
    muestran mostrar ver veo vemos dice dicen decir saber intento intentamos intentar tengo tenemos tiene tienen haber dar doy da
    dan algo alguien nada cosa cosas nuevo nueva nuevos nuevas cambiar cambio cambia agregar anadir crear poner pongo pregunta
    preguntas duda consulta semana semanas deja dejan pasa pasar bien correctamente entrar usar llega llegan llego llegado mas
    tambien esta estan asi si aqui ustedes nos nuestro nuestra nuestros nuestras recibo recibi recibimos recibir ninguna ninguno
    ya solo una uno dos tres sin cliente clientes clienta clientas enero febrero marzo abril mayo junio julio agosto septiembre
    octubre noviembre diciembre lunes martes miercoles jueves viernes sabado domingo todas todo todos toda aunque sido siendo
    mucho mucha muchos muchas mismo misma otro otra otros otras cada casi ademas entonces pues gente persona personas mes meses
    ano anos manana noche pasado pasada proximo proxima despues antes mientras explicar explicarlo esperado espera viejo vieja
    viejos viejas parece gustaria quien`,
  pt: `ola oi bom boa dia dias tarde favor obrigado obrigada ajuda ajudar preciso precisa precisamos precisam quero quer queremos
    querem gostaria gostariamos posso pode podem podemos poderia problema problemas erro erros falha falham mal funciona
    funcionam funcionar funcionando urgente ontem hoje agora continua continuam ainda nunca sempre fazer faco faz fazem fazemos
    feito aparece aparecem aparecer sai saem mostra mostram mostrar ver vejo vemos diz dizem dizer saber tento tentamos tentar
    tenho temos tem haver dar dou da dao algo alguem nada coisa coisas novo nova novos novas mudar mudanca alterar adicionar criar
    colocar pergunta perguntas duda duvida duvidas semana semanas consigo consegue conseguem conseguimos deixa deixam passa
    corretamente usar entrar chega chegam chegou nao ja tambem ate so esta estao sera voce voces nosso nossa nossos nossas nos
    recebi recebo recebemos receber recebendo nenhum nenhuma um uma dois tres sem cliente clientes janeiro fevereiro marco abril
    maio junho julho agosto setembro outubro novembro dezembro segunda terca quarta quinta sexta sabado domingo deste desta todas todo todos
    toda embora sido sendo muito muita muitos muitas mesmo mesma outro outra outros outras cada quase alem entao pois gente pessoa
    pessoas mes meses ano anos manha cedo noite passado passada proximo proxima depois antes enquanto explicar esperado espera
    antigo antiga antigos antigas parece veio quem`,
}

/** Whether a folded word says little in one of `languages`. */
export function isFiller(word: string, languages: string[]): boolean {
  return languages.some((language) => fillers.get(language)?.has(word) ?? false)
}

const fillers = new Map(Object.entries(byLanguage).map(([language, words]) => [language, new Set(words.split(/\s+/))]))
