/** Message events carry emoji as :colons: (/messaging/formatting-message-text). The ones people type most; others stay as they are. */
const NAMES: Record<string, string> = {
  '👍': '+1',
  '👎': '-1',
  '🙏': 'pray',
  '🎉': 'tada',
  '✅': 'white_check_mark',
  '❌': 'x',
  '❤️': 'heart',
  '😃': 'smiley',
  '😄': 'smile',
  '😂': 'joy',
  '🙂': 'slightly_smiling_face',
  '😊': 'blush',
  '😉': 'wink',
  '😢': 'cry',
  '😡': 'rage',
  '🤔': 'thinking_face',
  '🔥': 'fire',
  '👀': 'eyes',
  '🚀': 'rocket',
  '⚠️': 'warning',
  '💡': 'bulb',
  '👋': 'wave',
  '👏': 'clap',
  '⏰': 'alarm_clock',
}
const TYPED = new RegExp(Object.keys(NAMES).join('|'), 'gu')

/** Typed text with its emoji as Slack names them: "Thanks 👍" → "Thanks :+1:". */
export function withColons(text: string): string {
  return text.replace(TYPED, (emoji) => `:${NAMES[emoji]}:`)
}
