import { useState } from 'preact/hooks'

/** Files dropped on an element: `props` go onto it, `over` is true while something hovers above it. */
export function useDrop(take: (files: FileList | null | undefined) => void) {
  const [over, setOver] = useState(false)
  const props = {
    onDragOver(event: DragEvent) {
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop(event: DragEvent) {
      event.preventDefault()
      setOver(false)
      take(event.dataTransfer?.files)
    },
  }
  return { over, props }
}
