import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter } from 'yaml'

/** Where in a YAML file something stands: keys of maps and indexes of lists, outermost first. */
export type Place = (string | number)[]

/** The line, from 1, on which the entry at `place` begins; that of its nearest parent where it is not there at all. */
export function lineOf(document: Document, lines: LineCounter, place: Place): number {
  let node: unknown = document.contents
  let line = 1
  for (const part of place) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? key.value : key) === part)
      if (!pair) return line
      if (isNode(pair.key) && pair.key.range) line = lines.linePos(pair.key.range[0]).line
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(part)]
      if (isNode(node) && node.range) line = lines.linePos(node.range[0]).line
    } else return line
  }
  return line
}
