/**
 * Slack's limits that our views come near, in characters (kept in UTF-16 units and in code points) or in pieces.
 * From docs.slack.dev: reference/block-kit, reference/views, reference/methods/chat.update.
 */
export const limits = {
  modalTitle: 24,
  modalButton: 24,
  privateMetadata: 3000,
  viewBlocks: 100,
  messageBlocks: 50,
  header: 150,
  sectionText: 3000,
  fieldText: 2000,
  fields: 10,
  contextElements: 10,
  buttonText: 75,
  buttonValue: 2000,
  accessibilityLabel: 75,
  actions: 25,
  inputLabel: 2000,
  inputHint: 2000,
  inputText: 3000,
  optionText: 75,
  optionDescription: 75,
  optionValue: 150,
  options: 100,
  radioOptions: 10,
  placeholder: 150,
  files: 10,
  /** Of one file in a file input. */
  fileBytes: 10_000_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  /** chat.update refuses more than 4000 and a message that cannot be edited is a dead card: stay below it. */
  messageText: 3900,
  spokenTitle: 300,
  /** A piece of what somebody said; rich text has no documented limit, so the one of other texts is kept. */
  quote: 2900,
  /** Pieces of one comment in one message. Slack refuses messages that are too long as a whole without saying when. */
  quotes: 3,
} as const
