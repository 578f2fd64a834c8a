/** The people one finds in a fresh sandbox: a company that asks for help and the agents who answer. Names are the README's. */
export interface SampleCompany {
  /** Name of the Slack workspace. */
  workspace: string
  people: SamplePerson[]
  /** Name and address of the desk's own mailbox. */
  support: { name: string; address: string }
}

export interface SamplePerson {
  /** Slack user id. */
  id: string
  name: string
  realName: string
  address: string
  tz: string
  locale: string
  role: 'client' | 'agent'
}

/** The sandbox's company unless `startSandbox` is given another. */
export const sampleCompany: SampleCompany = {
  workspace: 'Acme & Co',
  support: { name: 'Acme Support', address: 'support@desk.example' },
  people: [
    {
      id: 'U0ADA',
      name: 'ada',
      realName: 'Ada Lovelace',
      address: 'ada@acme.example',
      tz: 'Europe/Berlin',
      locale: 'en-GB',
      role: 'client',
    },
    {
      id: 'U0BRUNO',
      name: 'bruno',
      realName: 'Bruno Dias',
      address: 'bruno@acme.example',
      tz: 'America/Sao_Paulo',
      locale: 'pt-BR',
      role: 'client',
    },
    {
      id: 'U0KOFI',
      name: 'kofi',
      realName: 'Kofi Mensah',
      address: 'kofi@desk.example',
      tz: 'America/New_York',
      locale: 'en-US',
      role: 'agent',
    },
    {
      id: 'U0LUCIA',
      name: 'lucia',
      realName: 'Lucía Ortega',
      address: 'lucia@desk.example',
      tz: 'Europe/Madrid',
      locale: 'es-ES',
      role: 'agent',
    },
  ],
}

export const triageChannelId = 'C0TRIAGE'
export const generalChannelId = 'C0GENERAL'
