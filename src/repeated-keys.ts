import { type Document, isMap, isNode, isScalar, parseDocument, visit } from 'yaml'

/**
 * The keys that a JSON text says twice in one object, with those around them and dots between. JSON.parse keeps the last
 * one without a word. Of a text that is no JSON, whatever comes.
 */
export function repeatedKeys(json: string): string[] {
  const repeated: string[] = []
  // JSON is YAML, and the reader of that keeps what stands in the text.
  const document: Document = parseDocument(json, { uniqueKeys: false })
  visit(document, {
    Map(_, map, around) {
      const path = [...around, map].flatMap((node, index, all) => keyOf(node, all[index + 1]))
      const seen = new Set<string>()
      for (const { key } of map.items) {
        const name = nameOf(key)
        if (seen.has(name)) repeated.push([...path, name].join('.'))
        seen.add(name)
      }
    },
  })
  return [...new Set(repeated)]
}

/** By which key of `node` one comes to `next`, if it is an object. */
function keyOf(node: unknown, next: unknown): string[] {
  const pair = isMap(node) ? node.items.find((item) => item === next) : undefined
  return pair ? [nameOf(pair.key)] : []
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : isNode(key) ? String(key) : ''
}
