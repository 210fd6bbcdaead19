/** The shape of a query once it is read. Every part knows its place, so that errors can point at it. */

export type Place = { readonly at: number; readonly text: string };

export type Expression = Place &
  (
    | {
        readonly kind: 'literal';
        readonly type: 'string' | 'long' | 'real' | 'bool' | 'timespan' | 'datetime';
        readonly value: string | number | boolean;
      }
    | { readonly kind: 'column'; readonly name: string }
    /** `customDimensions.key`, `customDimensions['key']`, or an index of an array. */
    | { readonly kind: 'member'; readonly of: Expression; readonly key: string | number }
    | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'minus'; readonly of: Expression }
    | {
        readonly kind: 'in';
        readonly operator: 'in' | '!in' | 'in~' | '!in~';
        readonly left: Expression;
        readonly list: readonly Expression[];
      }
    | {
        readonly kind: 'between';
        readonly negated: boolean;
        readonly left: Expression;
        readonly low: Expression;
        readonly high: Expression;
      }
  );

/** `name = expression`, or an expression that names itself. */
export type NamedExpression = { readonly name: string | undefined; readonly expression: Expression };
export type Ordering = { readonly expression: Expression; readonly descending: boolean };

export type Stage = Place &
  (
    | { readonly kind: 'where'; readonly condition: Expression }
    | { readonly kind: 'project' | 'extend'; readonly columns: readonly NamedExpression[] }
    | { readonly kind: 'project-away'; readonly names: readonly Place[] }
    | { readonly kind: 'summarize'; readonly aggregates: readonly NamedExpression[]; readonly by: readonly NamedExpression[] }
    | { readonly kind: 'order'; readonly by: readonly Ordering[] }
    | { readonly kind: 'take'; readonly count: number }
    | { readonly kind: 'top'; readonly count: number; readonly by: readonly Ordering[] }
    | { readonly kind: 'distinct'; readonly columns: readonly NamedExpression[] | 'all' }
    | { readonly kind: 'count' }
  );

export type Query = { readonly table: Place; readonly stages: readonly Stage[] };
