export type { GuardrailInput } from './guardrail.ts';
export { type Fault, runGuardrails, type VerifierResults, verifierResults } from './guardrails.ts';
