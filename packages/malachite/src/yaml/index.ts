export { readAutoMLJob } from './automl-job.ts';
export { readCompute } from './compute.ts';
export { type DataAsset, readDataAsset } from './data.ts';
export { type DeploymentFile, type LocalCode, readDeployment } from './deployment.ts';
export { parseYaml, readYaml, type YamlDocument } from './document.ts';
export { type EndpointFile, readEndpoint } from './endpoint.ts';
export { type JobFile, readJob } from './job.ts';
export { type ModelAsset, readModel } from './model.ts';
export { type PipelineFile, readPipeline } from './pipeline.ts';
