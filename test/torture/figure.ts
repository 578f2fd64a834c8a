/** Figure: something the product is measured by, far beyond what an everyday test has time for. */
import type { Bench } from './bench.ts'

export interface Figure {
  /** As in the list of figures, such as G7. */
  id: string
  what: string
  wanted: string
  /** Measures. Rejects when it could not be measured at all, which counts as a miss. */
  measure(bench: Bench): Promise<Measured>
}

export interface Measured {
  got: string
  pass: boolean
}
