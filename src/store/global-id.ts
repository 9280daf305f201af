/** The global id of an object: opaque text that names its type and key, the same for as long as the object lives. */
export function globalId(type: string, key: string): string {
  return Buffer.from(`${type}:${key}`).toString('base64url');
}
