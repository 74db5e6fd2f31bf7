/** What a page takes from its address. What nobody has written there, or wrote wrong, is left out: a link never breaks a page. */

import * as v from "valibot";

const absent = undefined;

/** Free text. */
export const text = () => v.optional(v.fallback(v.optional(v.string()), absent));

/** One of these. */
export const oneOf = <const Choice extends string>(choices: readonly Choice[]) => v.optional(v.fallback(v.optional(v.picklist(choices)), absent));

/** Some of these: one stands alone in the address, several repeat the name. */
export const someOf = <const Choice extends string>(choices: readonly Choice[]) =>
  v.optional(
    v.fallback(
      v.optional(
        v.pipe(
          v.union([v.string(), v.array(v.string())]),
          v.transform((value) => [value].flat().filter((one): one is Choice => (choices as readonly string[]).includes(one))),
        ),
      ),
      absent,
    ),
  );

/** Yes, or not there. */
export const flag = () =>
  v.optional(
    v.fallback(
      v.optional(
        v.pipe(
          v.union([v.literal("yes"), v.literal(true)]),
          v.transform(() => true as const),
        ),
      ),
      absent,
    ),
  );

export const search = v.object;
