/** What a page takes from its address. What nobody has written there, or wrote wrong, is left out: a link never breaks a page. */

type Read<Value> = (written: unknown) => Value | undefined;
type Found<Reads> = { [Name in keyof Reads]?: Reads[Name] extends Read<infer Value> ? Value | undefined : never };

/** Free text. */
export const text = (): Read<string> => (written) => (typeof written === "string" ? written : undefined);

/** One of these. */
export const oneOf =
  <const Choice extends string>(choices: readonly Choice[]): Read<Choice> =>
  (written) =>
    choices.find((choice) => choice === written);

/** Some of these: one stands alone in the address, several repeat the name. */
export const someOf =
  <const Choice extends string>(choices: readonly Choice[]): Read<Choice[]> =>
  (written) => {
    const found = choices.filter((choice) => [written].flat().includes(choice));
    return found.length ? found : undefined;
  };

/** Yes, or not there. */
export const flag = (): Read<true> => (written) => (written === "yes" || written === true ? true : undefined);

/** Make a route's `validateSearch` of what each of its parameters may be. */
export function search<Reads extends Record<string, Read<unknown>>>(reads: Reads): (written: Record<string, unknown>) => Found<Reads> {
  return (written) => {
    const found = Object.entries(reads).map(([name, read]) => [name, read(written[name])] as const);
    return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Found<Reads>;
  };
}
