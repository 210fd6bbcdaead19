import {
  type PipelineSpec,
  type PublishedPipeline,
  pipelineCompletion,
  type Schedule,
  terminalPipelineStatuses,
} from '../pipelines.ts';
import type { Supports } from '../workspace.ts';
import { collect, equal, ok, refused } from './assertions.ts';
import { type Runner, where } from './harness.ts';
import { bankJob, createBank, type Scene } from './scene.ts';

/** Trains one trial on its input and registers the model. */
const trainAndRegister = (modelName: string): PipelineSpec => ({
  inputs: { bank: { path: 'azureml:contract-bank:1' } },
  jobs: {
    train: { ...bankJob, trainingData: { path: '${{parent.inputs.bank}}' }, limits: { maxTrials: 1 } },
    register: { type: 'register_model', modelName, path: '${{parent.jobs.train.outputs.best_model}}' },
  },
});

export function pipelinesContract(test: Runner, scene: Scene, supports: Supports): void {
  const { describe, it, skip } = test;
  const published = (name: string) => scene.workspace.pipelines.publish({ name, pipeline: trainAndRegister(name) });

  describe('a graph', () => {
    it('whose steps do not fit together is refused, and the sentence says where', async () => {
      const { jobs, inputs } = trainAndRegister('contract-bad');
      const publish = (pipeline: PipelineSpec) => scene.workspace.pipelines.publish({ name: 'contract-bad', pipeline });
      const { train, register } = jobs;
      ok(train && register, 'The graph has two steps.');
      await refused(publish({ jobs }), 'InvalidInput', 'bank');
      await refused(publish({ inputs, jobs: { register } }), 'InvalidInput', 'train');
      const self = { ...register, path: '${{parent.jobs.register.outputs.best_model}}' };
      await refused(publish({ inputs, jobs: { train, register: self } }), 'InvalidInput', 'register');
      await refused(publish({ inputs, jobs: {} }), 'InvalidInput', 'jobs');
      equal(
        (await scene.workspace.pipelines.list()).filter(({ name }) => name === 'contract-bad'),
        [],
        'What is published of it',
      );
    });
  });

  describe('a run', () => {
    it('answers at once, is watched until it ends, and what it registers is there', async () => {
      await scene.bank();
      const { pipelines, models, training } = scene.workspace;
      const submitted = await pipelines.submit({
        pipeline: trainAndRegister('contract-direct'),
        experimentName: 'contract-pipelines',
      });
      ok(['NotStarted', 'Running'].includes(submitted.status), `A run just submitted is ${submitted.status}.`);
      const states = await collect(pipelines.watchRun({ id: submitted.id }));
      const run = states.at(-1);
      equal([run?.status, run?.runSource, run?.pipelineId, run?.experimentName], ['Finished', 'SDK', null, 'contract-pipelines']);
      ok(
        states.slice(0, -1).every(({ status }) => !terminalPipelineStatuses.has(status)),
        'It ends once.',
      );
      equal(await pipelines.run({ id: submitted.id }), run);
      equal(
        run?.steps.map(({ name, status }) => [name, status]),
        [
          ['train', 'Finished'],
          ['register', 'Finished'],
        ],
        'The steps',
      );
      const model = await models.get({ name: 'contract-direct' });
      equal(run?.steps[1]?.model, `azureml:contract-direct:${model.version}`, 'The model of the register step');
      equal(model.jobName, run?.steps[0]?.jobName, 'The job that the model comes from');
      equal((await training.get({ name: model.jobName ?? '' })).status, 'Completed', 'The status of that job');
    });

    it('that is canceled ends Canceled, and so does the job of its step', async () => {
      await scene.bank();
      const { pipelines, training } = scene.workspace;
      const spec = trainAndRegister('contract-canceled');
      const endless = { ...spec, jobs: { ...spec.jobs, train: { ...bankJob, limits: { timeoutMinutes: 10 } } } };
      const { id } = await pipelines.submit({ pipeline: endless, experimentName: 'contract-canceled' });
      let jobName: string | null = null;
      for await (const { steps } of pipelines.watchRun({ id })) {
        jobName = steps[0]?.jobName ?? null;
        if (jobName !== null) break;
      }
      await pipelines.cancelRun({ id });
      const run = await pipelineCompletion(pipelines, id);
      equal([run.status, run.steps[1]?.model], ['Canceled', null]);
      for await (const _ of training.events({ name: jobName ?? '' }));
      equal((await training.get({ name: jobName ?? '' })).status, 'Canceled', 'The status of the job');
      await refused(scene.workspace.models.get({ name: 'contract-canceled' }), 'NotFound');
    });

    it('of what is not there is refused', async () => {
      const { pipelines } = scene.workspace;
      await refused(pipelines.submit({ id: 'contract-absent' }), 'NotFound', 'contract-absent');
      await refused(pipelines.submit({}), 'InvalidInput');
      const nobody = '00000000-0000-0000-0000-000000000000';
      await refused(pipelines.run({ id: nobody }), 'NotFound', nobody);
      await refused(pipelines.watchRun({ id: nobody }), 'NotFound', nobody);
      await refused(pipelines.cancelRun({ id: nobody }), 'NotFound', nobody);
    });
  });

  describe('a published pipeline', () => {
    it('is found by its id and by its name, and runs on other inputs', async () => {
      await scene.bank();
      const other = await createBank(scene.workspace, 'contract-versions', 1);
      const { pipelines, training } = scene.workspace;
      const pipeline = await published('contract-published');
      equal([pipeline.status, pipeline.pipeline], ['Active', trainAndRegister('contract-published')]);
      equal(await pipelines.get({ id: pipeline.id }), pipeline);
      equal(await pipelines.get({ id: 'contract-published' }), pipeline);
      ok(
        (await pipelines.list()).some(({ id }) => id === pipeline.id),
        'A published pipeline is not listed.',
      );
      const data = `azureml:contract-versions:${other.version}`;
      const { id } = await pipelines.submit({ id: pipeline.id, inputs: { bank: { path: data } } });
      const run = await pipelineCompletion(pipelines, id);
      equal([run.status, run.pipelineId], ['Finished', pipeline.id]);
      const job = await training.get({ name: run.steps[0]?.jobName ?? '' });
      equal(job.spec.trainingData.path, data, 'The data it was trained on');
      equal(
        (await pipelines.runs({ pipelineId: pipeline.id })).map((listed) => listed.id),
        [id],
        'Its runs',
      );
    });

    where(
      test,
      supports.pipelineKeys,
      'key of a pipeline',
    )('is run by a POST with its key, and by no other', async () => {
      await scene.bank();
      const { pipelines } = scene.workspace;
      const pipeline = await published('contract-endpoint');
      const { key } = await pipelines.key({ id: pipeline.id });
      ok(key.length >= 32, 'A key has 32 characters or more.');
      // A workspace that no server serves has no address to post to.
      if (pipeline.endpoint === null) return;
      const body = JSON.stringify({ ExperimentName: 'contract-http' });
      const post = (headers: Readonly<Record<string, string>>) =>
        scene.send(pipeline.endpoint as string, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        });
      equal((await post({})).status, 401, 'The status without a key');
      equal((await post({ authorization: 'Bearer wrong' })).status, 401, 'The status with a wrong key');
      equal(await pipelines.runs({ pipelineId: pipeline.id }), [], 'The runs so far');
      const answer = await post({ authorization: `Bearer ${key}` });
      equal(answer.status, 200, `The status of ${answer.body}, which`);
      const { Id } = JSON.parse(answer.body) as { readonly Id: string };
      const run = await pipelineCompletion(pipelines, Id);
      equal([run.status, run.runSource, run.experimentName, run.pipelineId], ['Finished', 'HTTP', 'contract-http', pipeline.id]);
    });

    it('that is disabled runs no more; its runs stay', async () => {
      await scene.bank();
      const { pipelines } = scene.workspace;
      const { id } = await published('contract-disabled');
      equal((await pipelines.disable({ id })).status, 'Disabled');
      equal((await pipelines.get({ id })).status, 'Disabled');
      await refused(pipelines.submit({ id }), 'Conflict', 'contract-disabled');
    });
  });

  if (!supports.pipelineKeys) {
    it('says that a published pipeline has no key', async () =>
      refused(scene.workspace.pipelines.key({ id: 'contract-absent' }), 'NotSupported'));
  }
  if (!supports.dataTriggers) {
    skip('a schedule: not supported');
    it('says that it has no schedules on data', async () => {
      const trigger = { type: 'dataset', datasetName: 'contract-bank' } as const;
      const schedule = { name: 'contract-schedule', pipelineId: 'contract-absent', trigger };
      await refused(scene.workspace.pipelines.createSchedule(schedule), 'NotSupported');
    });
    return;
  }
  describe('a schedule', () => {
    const scheduleNamed = async (name: string) =>
      (await scene.workspace.pipelines.listSchedules()).find((each) => each.name === name);
    const scheduled = async (name: string): Promise<{ pipeline: PublishedPipeline; schedule: Schedule }> => {
      await createBank(scene.workspace, name, 11);
      const { pipelines } = scene.workspace;
      const spec = trainAndRegister(name);
      const inputs = { bank: { path: `azureml:${name}@latest` } };
      const pipeline = await pipelines.publish({ name, pipeline: { ...spec, inputs } });
      const trigger = { type: 'dataset', datasetName: name } as const;
      return { pipeline, schedule: await pipelines.createSchedule({ name, pipelineId: pipeline.id, trigger }) };
    };

    it('runs its pipeline once for each new version of a dataset, and not for those there were', async () => {
      const name = 'contract-schedule';
      const { pipeline, schedule } = await scheduled(name);
      const { pipelines, training } = scene.workspace;
      equal([schedule.isEnabled, schedule.lastRunId], [true, null], 'The schedule just created');
      equal(await pipelines.runs({ pipelineId: pipeline.id }), [], 'The runs for the version that was there');
      await createBank(scene.workspace, name, 12);
      const runId = await scene.eventually(
        'A run for the new version',
        async () => (await scheduleNamed(name))?.lastRunId ?? undefined,
      );
      const run = await pipelineCompletion(pipelines, runId);
      equal([run.status, run.runSource, run.pipelineId], ['Finished', 'Schedule', pipeline.id]);
      const job = await training.get({ name: run.steps[0]?.jobName ?? '' });
      equal(job.spec.trainingData.path, `azureml:${name}:2`, 'The data of the run');
      await createBank(scene.workspace, name, 12);
      equal(
        (await pipelines.runs({ pipelineId: pipeline.id })).map(({ id }) => id),
        [runId],
        'All its runs, the same bytes having come again,',
      );
      equal((await scheduleNamed(name))?.lastVersion, '2', 'The last version acted upon');
      await pipelines.deleteSchedule({ name });
      equal(await scheduleNamed(name), undefined, 'The schedule once deleted');
      await refused(pipelines.deleteSchedule({ name }), 'NotFound', name);
    });

    it('that is disabled does nothing', async () => {
      const name = 'contract-asleep';
      const { pipeline } = await scheduled(name);
      const { pipelines } = scene.workspace;
      equal((await pipelines.updateSchedule({ name, isEnabled: false })).isEnabled, false);
      await createBank(scene.workspace, name, 12);
      equal(await pipelines.runs({ pipelineId: pipeline.id }), [], 'Its runs');
      await pipelines.deleteSchedule({ name });
    });

    it('needs a pipeline that is there', async () => {
      const trigger = { type: 'dataset', datasetName: 'contract-bank' } as const;
      const create = scene.workspace.pipelines.createSchedule({ name: 'contract-bad', pipelineId: 'contract-absent', trigger });
      await refused(create, 'NotFound', 'contract-absent');
    });
  });
}
