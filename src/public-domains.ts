import providers from 'email-providers/all.json' with { type: 'json' }

// A list that its keeper renews, of some 8,700; what follows is missing in it.
const known = new Set<string>([...providers, 'fastmail.com', 'zohomail.com'])
// It lists names that stand for any company's in texts (RFC 2606 §3), and nobody has a mailbox there.
for (const stands of ['example.com', 'example.net', 'example.org']) known.delete(stands)

/** Whether anybody can have an address at this domain (lower case), so that having one says nothing of where they work. */
export function isPublicDomain(domain: string): boolean {
  return known.has(domain)
}
