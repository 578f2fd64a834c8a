/** Does what concerns one ticket one after the other, in the order it was asked. */
export function oneByOne(): <T>(ticketId: number, act: () => Promise<T>) => Promise<T> {
  const last = new Map<number, Promise<unknown>>()
  return (ticketId, act) => {
    const mine = (last.get(ticketId) ?? Promise.resolve()).then(act, act)
    last.set(ticketId, mine)
    const forget = () => {
      if (last.get(ticketId) === mine) last.delete(ticketId)
    }
    mine.then(forget, forget)
    return mine
  }
}
