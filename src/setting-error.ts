/** A setting that reads well but does not work; the message names the variable and what to do. Stops the start. */
export class SettingError extends Error {
  override name = 'SettingError'
}
