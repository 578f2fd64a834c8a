import type { Person } from './moves.ts'
import { type Asked, commercial, financial, technical } from './round-form.ts'
import type { answers, finds, followUps, openings, ratings, reopenings } from './round-ways.ts'

/** One request, from being asked for to being rated, and how its client does each of it. */
export interface Round {
  asked: Asked
  open: keyof typeof openings
  find: keyof typeof finds
  answer: keyof typeof answers
  reopen: keyof typeof reopenings
  followUp: keyof typeof followUps
  rate: keyof typeof ratings
}

const berlin = 'acme-berlin'
const saoPaulo = 'acme-sao-paulo'

/** What somebody who never saw it does in the sandbox: each branch in each language, each time in another way. */
export const languages: { locale: string; person: Person; width: number; homeTab: string; rounds: Round[] }[] = [
  {
    locale: 'en',
    homeTab: 'Home',
    person: 'ADA',
    width: 1360,
    rounds: [
      {
        asked: technical(berlin, 'The label printer prints blank labels', 'Since today each label is blank.', 'blank'),
        open: 'home',
        find: 'search',
        answer: 'modal',
        reopen: 'thread',
        followUp: 'modal',
        rate: 'mail',
      },
      {
        asked: financial(berlin, '04', 'The invoice of October names another company.', 'October'),
        open: 'command',
        find: 'mine',
        answer: 'thread',
        reopen: 'button',
        followUp: 'thread',
        rate: 'thread',
      },
      {
        asked: commercial(
          berlin,
          '1',
          { texts: { trade_policy_name: 'Resellers north' }, selects: { trade_policy_purpose: 'b2b' } },
          'Resellers',
        ),
        open: 'words',
        find: 'words',
        answer: 'mail',
        reopen: 'mail',
        followUp: 'mail',
        rate: 'home',
      },
    ],
  },
  {
    locale: 'pt',
    homeTab: 'Início',
    person: 'BRUNO',
    width: 375,
    rounds: [
      {
        asked: technical(saoPaulo, 'A impressora sai em branco', 'Desde hoje toda etiqueta sai vazia.', 'vazia'),
        open: 'words',
        find: 'words',
        answer: 'thread',
        reopen: 'command',
        followUp: 'command',
        rate: 'command',
      },
      {
        asked: financial(saoPaulo, '01', 'O painel foi bloqueado, mas a fatura de outubro foi paga.', 'outubro'),
        open: 'home',
        find: 'number',
        answer: 'mail',
        reopen: 'modal',
        followUp: 'mail',
        rate: 'modal',
      },
      {
        asked: commercial(
          saoPaulo,
          '5',
          {
            texts: {
              master_admin_present: 'bruno@acme.example',
              master_admin_name: 'Ana Lima',
              master_admin_email: 'ana@acme.example',
            },
            radios: { master_admin_agrees: 'yes' },
          },
          'Lima',
        ),
        open: 'command',
        find: 'search',
        answer: 'modal',
        reopen: 'button',
        followUp: 'thread',
        rate: 'mail',
      },
    ],
  },
  {
    locale: 'es',
    homeTab: 'Home', // her Slack is English, whatever she chose in the Home
    person: 'ADA',
    width: 1360,
    rounds: [
      {
        asked: technical(berlin, 'La impresora imprime en blanco', 'Desde hoy cada etiqueta sale vacía.', 'vacía'),
        open: 'shortcut',
        find: 'mine',
        answer: 'command',
        reopen: 'mail',
        followUp: 'modal',
        rate: 'thread',
      },
      {
        asked: financial(berlin, '07', 'La factura de octubre llegó dos veces.', 'octubre'),
        open: 'words',
        find: 'search',
        answer: 'modal',
        reopen: 'thread',
        followUp: 'command',
        rate: 'home',
      },
      {
        asked: commercial(
          berlin,
          '4',
          {
            texts: { environment_name: 'acme-norte', environment_country: 'Colombia' },
            selects: { additional_account_purpose: 'brand' },
          },
          'norte',
        ),
        open: 'home',
        find: 'number',
        answer: 'thread',
        reopen: 'command',
        followUp: 'mail',
        rate: 'modal',
      },
    ],
  },
]
