export { chooseValidation, type ValidationInput, type ValidationPlan } from './plan.ts';
export { type ValidationChoice, validationRule } from './rule.ts';
export { type Fold, holdOut, kFold } from './splits.ts';
