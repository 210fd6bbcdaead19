export { type Exportable, type ExportedPipeline, type ExportOptions, exportModel, exportPipeline, labelText } from './export.ts';
export {
  atRounds,
  averagePipelines,
  type Emitted,
  emitPipeline,
  type FittedPipeline,
  fitPipeline,
  type PipelineInput,
  predictPipeline,
} from './pipeline.ts';
export type { PipelineSpec } from './spec.ts';
