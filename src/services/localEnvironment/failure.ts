/** Why local Spark could not be set up, in words for people, with what to do. */
export class SetupFailure extends Error {
  override readonly name = 'SetupFailure';
}
