/** The pieces that every resource's schema is made of. Field names are Azure ML's, in camelCase. */
import { type Static, type TSchema, Type } from 'typebox';

/** A resource name as Azure ML takes it: letters, digits, `-`, `_`, `.`; at most 255 characters; no path in it. */
export const Name = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$',
  description: 'Letters, digits, "-", "_" and ".", beginning with a letter or digit, at most 255 characters.',
});
/** An asset version: any short word; ours count 1, 2, 3 … when none is given. */
export const Version = Type.String({
  pattern: '^[A-Za-z0-9_.-]{1,30}$',
  description: 'At most 30 characters; a whole number when Malachite chose it.',
});
export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'sha256 of the bytes, in hexadecimal.' });
export const Time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC.' });
export const Tags = Type.Record(Type.String(), Type.String());
export type Tags = Static<typeof Tags>;

/** An object whose unknown fields are refused, so that a misspelt field is an error and not silence. */
export const Strict = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** One of a few words, written as JSON Schema's `enum`. */
export const OneOf = <const W extends readonly string[]>(words: W, description?: string) =>
  Type.Unsafe<W[number]>({ type: 'string', enum: words, ...(description ? { description } : {}) });

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** What any list of a resource may ask for. */
export const ListInput = Strict({ includeArchived: Type.Optional(Type.Boolean({ default: false })) });
export type ListInput = Static<typeof ListInput>;

export const NameInput = Strict({ name: Name });
export type NameInput = Static<typeof NameInput>;

/** A version of an asset; without `version`, the latest. */
export const VersionInput = Strict({ name: Name, version: Type.Optional(Version) });
export type VersionInput = Static<typeof VersionInput>;

/** One file of a dataset or model: where it lies inside the asset, and which bytes it is. */
export const AssetFile = Strict({
  path: Type.String({
    minLength: 1,
    maxLength: 1024,
    description: 'Relative path inside the asset, "/" between folders, no "..".',
  }),
  sha256: Sha256,
  sizeBytes: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type AssetFile = Static<typeof AssetFile>;

export const Fields = {
  description: Type.Optional(Type.String()),
  tags: Type.Optional(Tags),
  properties: Type.Optional(Tags),
};
