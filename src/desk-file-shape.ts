import { z } from 'zod'
import { isPublicDomain } from './public-domains.ts'
import { filters, usualHistory } from './ticket/history.ts'

/** The shape of templates/desk.yaml. What names stand for is checked in desk-file.ts. */
export type WrittenDeskFile = z.infer<typeof deskFileShape>

const name = z
  .string('write a name')
  .trim()
  .min(1, 'write a name')
  .max(75, 'use at most 75 characters, as Slack shows it in a list')
const key = z.string('write the name of an entry')
const keyed = <T extends z.ZodType>(shape: T) =>
  z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/, 'use small letters, digits, - and _ in this name'), shape)

const calendar = z.strictObject({
  timeZone: z.string('write an IANA name such as Europe/Berlin'),
  week: z.record(
    z.string(),
    z.array(
      z.string().regex(/^\d\d:\d\d-\d\d:\d\d$/, 'write an interval as 09:00-18:00'),
      'write a list: [09:00-18:00]',
    ),
  ),
  holidays: z.array(z.string('write a date with quotes: "2026-12-25", or "12-25" for every year')).default([]),
})

const reopenPolicy = z
  .strictObject({
    amount: z.number('write a number').positive('write a number above 0').max(10_000, 'write a number up to 10000'),
    unit: z.enum(['hours', 'days'], 'write hours or days'),
    clock: z.enum(['elapsed', 'business'], 'write elapsed or business'),
    anchor: z.enum(['solved', 'last-requester-comment'], 'write solved or last-requester-comment'),
  })
  .refine(({ amount, unit }) => unit === 'hours' || Number.isInteger(amount), {
    path: ['amount'],
    message: 'write a whole number of days, or use hours',
  })

const domain = z
  .string()
  .regex(/^@?([a-z0-9-]+\.)+[a-z0-9-]{2,}$/i, 'write a domain such as acme.example')
  // Whoever has an address at one of these is not thereby one of a store's people.
  .refine((one) => !isPublicDomain(one.toLowerCase().replace(/^@/, '')), {
    error: 'everybody can have an address there: list the people under members instead',
  })

const account = z
  .strictObject({
    name: name.optional(),
    region: key,
    domains: z.array(domain).default([]),
    members: z.array(z.email('write an address such as ada@acme.example')).default([]),
    registered: z.array(z.email('write an address such as store@acme.example')).default([]),
    whenUnknown: z.boolean('write true or false').default(false),
  })
  .refine((one) => one.name !== undefined || one.whenUnknown, {
    path: ['name'],
    error: 'write its name; only an account with whenUnknown: true can do without',
  })

const ASK_AGAIN_HOURS = 12
const REMIND_DAYS = 3

const NO_ARTICLES = 'write a folder such as articles, or false'

export const deskFileShape = z.strictObject({
  company: name,
  form: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/, 'write the name of a file in forms/, such as intake')
    .default('intake'),
  consentTicked: z.boolean('write true or false').optional(),
  defaultRegion: key,
  calendars: keyed(calendar),
  reopenPolicies: keyed(reopenPolicy),
  regions: keyed(z.strictObject({ name, calendar: key, reopenPolicy: key, group: key })),
  groups: keyed(
    z.strictObject({
      name,
      triageChannel: z
        .string()
        .regex(
          /^[CG][A-Z0-9]{8,}$/,
          "write the channel's id (Slack → channel name → bottom of the About tab), such as C0123456789",
        )
        .optional(),
    }),
  ),
  branches: z.record(z.string(), key).default({}),
  accounts: keyed(account).default({}),
  articles: z.union([z.string().trim().min(1, NO_ARTICLES), z.literal(false)], NO_ARTICLES).default('articles'),
  survey: z
    .strictObject({
      askAgainAfterHours: z
        .number('write a number of hours')
        .min(0, 'write 0 or more')
        .max(8760, 'write at most 8760, which is a year')
        .default(ASK_AGAIN_HOURS),
      remindAfterDays: z
        .union(
          [z.literal(false), z.number().positive().max(90)],
          'write a number of days up to 90, or false for no reminder',
        )
        .default(REMIND_DAYS),
    })
    .default({ askAgainAfterHours: ASK_AGAIN_HOURS, remindAfterDays: REMIND_DAYS }),
  history: z
    .strictObject({
      filters: z
        .array(z.enum(filters, `write only ${filters.join(', ')}`), `write a list: [${filters.join(', ')}]`)
        .min(1, 'name at least one, or leave it out for all')
        .refine((names) => new Set(names).size === names.length, 'name each once')
        .default(usualHistory.filters),
      solvedIsActive: z.boolean('write true or false').default(usualHistory.solvedIsActive),
    })
    .default(usualHistory),
  mailboxes: keyed(
    z.strictObject({
      address: z.email('write an address such as sales@acme.example'),
      name: name.optional(),
      group: key,
    }),
  ).default({}),
})
