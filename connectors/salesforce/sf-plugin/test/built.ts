/** Commands are tested as `sf` loads them: built. */
export const setup = async (): Promise<void> => {
  await import('../scripts/build.ts')
}
