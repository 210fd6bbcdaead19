/** Compute clusters: how many jobs run side by side. */
import { type Static, Type } from 'typebox';
import { Fields, type ListInput, Name, type NameInput, OneOf, Strict, Time } from './schema.ts';

/** A job that names no compute runs on this one, as Azure's serverless compute. */
export const serverlessCompute = 'serverless';

export const ComputeCreate = Strict({
  name: Type.Unsafe<string>({
    ...Name,
    pattern: '^[A-Za-z][A-Za-z0-9-]{0,31}$',
    description: 'Begins with a letter; letters, digits and "-"; at most 32 characters.',
  }),
  type: Type.Optional(OneOf(['amlcompute'])),
  size: Type.Optional(
    Type.String({
      description: "Azure's VM size. Kept, and shown; the local machine is what it is.",
      default: 'Standard_DS3_v2',
    }),
  ),
  tier: Type.Optional(OneOf(['dedicated', 'low_priority'])),
  minInstances: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000, default: 0 })),
  maxInstances: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 4, description: 'Jobs that run at once; more wait as Queued.' }),
  ),
  idleTimeBeforeScaleDown: Type.Optional(Type.Integer({ minimum: 0, default: 120, description: 'Seconds.' })),
  ...Fields,
});
export type ComputeCreate = Static<typeof ComputeCreate>;

export const ComputeUpdate = Strict({
  name: Name,
  minInstances: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  maxInstances: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  idleTimeBeforeScaleDown: Type.Optional(Type.Integer({ minimum: 0 })),
  tags: Fields.tags,
});
export type ComputeUpdate = Static<typeof ComputeUpdate>;

export const ComputeTarget = Type.Object({
  name: Name,
  type: OneOf(['amlcompute']),
  size: Type.String(),
  tier: OneOf(['dedicated', 'low_priority']),
  minInstances: Type.Integer(),
  maxInstances: Type.Integer(),
  idleTimeBeforeScaleDown: Type.Integer(),
  ...Fields,
  provisioningState: OneOf(['Creating', 'Succeeded', 'Failed', 'Deleting']),
  allocationState: OneOf(['Steady', 'Resizing']),
  /** Nodes that run a job now, and nodes that wait for one. */
  runningNodeCount: Type.Integer(),
  idleNodeCount: Type.Integer(),
  createdAt: Time,
});
export type ComputeTarget = Static<typeof ComputeTarget>;

export interface Compute {
  /** Creates a cluster; with a name that exists, updates it (as Azure does). */
  create(input: ComputeCreate): Promise<ComputeTarget>;
  get(input: NameInput): Promise<ComputeTarget>;
  list(input: ListInput): Promise<ComputeTarget[]>;
  update(input: ComputeUpdate): Promise<ComputeTarget>;
  /** `Conflict` while jobs run or wait on it. */
  delete(input: NameInput): Promise<void>;
}
