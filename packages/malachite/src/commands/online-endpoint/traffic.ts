import { MalachiteError, type Traffic } from '@malachite/core';

/** `blue=90 green=10` (blanks or commas between): percent by deployment. */
export function parseTraffic(text: string): Traffic {
  const parts = text.split(/[\s,]+/).filter(Boolean);
  return Object.fromEntries(
    parts.map((part) => {
      const [, name, percent] = /^([^=]+)=(\d{1,3})$/.exec(part) ?? [];
      if (!name || !percent)
        throw new MalachiteError('InvalidInput', `A share of traffic is "NAME=PERCENT ", perhaps several; not "${part}".`);
      return [name, Number(percent)];
    }),
  );
}
