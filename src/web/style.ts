import { createHash } from 'node:crypto'

/** The one stylesheet of the pages. Its text stands in the page, its hash in the policy, so that no other style applies. */
export const style = `
:root { color-scheme: light dark; --paper: #f5f5f2; --card: #ffffff; --ink: #1d2125; --quiet: #5c636a; --line: #d5d8d3;
  --accent: #1f5f56; --on-accent: #ffffff; --chosen: #e6f1ee; --star: #b7791f; --told: #eef3fb; --told-line: #3b6fb6; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #15181a; --card: #1e2225; --ink: #eceeed; --quiet: #a3abb0; --line: #3a4146;
    --accent: #7fcabb; --on-accent: #10201d; --chosen: #223833; --star: #e7b95c; --told: #222c3a; --told-line: #86aee6; }
}
html { scroll-padding-bottom: 6rem; }
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--paper); color: var(--ink); line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere; }
.company, main { max-width: 33rem; margin: 0 auto; }
.company { padding: .5rem .25rem .75rem; color: var(--quiet); font-weight: 600; }
main { padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance; }
p { margin: .75rem 0; }
.about { margin-top: 0; color: var(--quiet); }
.about bdi { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden; color: var(--ink); font-weight: 600; }
.told { padding: .625rem .875rem; background: var(--told); border-left: 4px solid var(--told-line); border-radius: .25rem; }
.told > p:first-child { margin-top: 0; }
.rating + .told { margin-top: .75rem; }
.quiet { color: var(--quiet); }
fieldset { margin: 1.25rem 0 0; padding: 0; border: 0; min-width: 0; }
legend, .ask { display: block; padding: 0; margin-bottom: .5rem; font-weight: 600; }
.choice { display: flex; gap: .75rem; align-items: center; min-height: 2.875rem; padding: .5rem .875rem; cursor: pointer;
  border: 1px solid var(--line); border-bottom-width: 0; }
.choice:first-of-type { border-radius: .5rem .5rem 0 0; }
.choice:last-of-type { border-bottom-width: 1px; border-radius: 0 0 .5rem .5rem; }
.choice:has(:checked) { background: var(--chosen); font-weight: 600; }
.choice:hover { background: var(--chosen); }
.choice input { width: 1.125rem; height: 1.125rem; margin: 0; flex: none; accent-color: var(--accent); }
.stars { color: var(--star); letter-spacing: .1em; white-space: nowrap; }
.choice .stars { min-width: 5.5em; }
.told + .quiet { margin-top: 1.25rem; }
.rating { margin: -.625rem 0 .25rem; font-size: 1.25rem; font-weight: 600; }
.ask { margin-top: 1.25rem; }
.hint { margin: -.25rem 0 .5rem; } .problem { margin: 0 0 .5rem; font-weight: 600; }
.line { display: block; width: 100%; min-height: 2.875rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--quiet); border-radius: .5rem; }
[aria-invalid] { border-color: var(--star); }
textarea { display: block; width: 100%; min-height: 6rem; padding: .625rem .75rem; font: inherit; color: inherit; resize: vertical;
  background: transparent; border: 1px solid var(--quiet); border-radius: .5rem; }
select, .line { display: block; width: 100%; box-sizing: border-box; min-height: 2.875rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--quiet); border-radius: .5rem; }
legend .quiet, .ask .quiet, .choice .quiet { font-weight: 400; }
.choice .quiet { display: block; }
.send { position: sticky; bottom: 0; margin: 1rem -1.5rem -1.5rem; padding: .875rem 1.5rem 1.25rem; background: var(--card);
  border-radius: 0 0 .75rem .75rem; }
button { min-height: 2.875rem; padding: .5rem 1.75rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: .5rem; }
button:hover { filter: brightness(1.1); }
summary { width: fit-content; padding: .375rem 0; color: var(--accent); font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--told-line); outline-offset: 2px; }
section.unrated { margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
section.unrated p { margin: .25rem 0; }
.scores { display: flex; flex-wrap: wrap; gap: .5rem; padding-top: .375rem; }
.scores a { display: inline-flex; align-items: center; min-height: 2.875rem; padding: .375rem .875rem; color: var(--accent);
  border: 1px solid var(--line); border-radius: .5rem; text-decoration: none; }
.scores a:hover { background: var(--chosen); }
.plain { margin-top: 1rem; }
@media (max-width: 30rem) { body { padding: .5rem; } main { padding: 1.125rem; } button { width: 100%; }
  .send { margin: 1rem -1.125rem -1.125rem; padding: .75rem 1.125rem 1rem; } }
`

export const styleHash = `sha256-${createHash('sha256').update(style).digest('base64')}`
