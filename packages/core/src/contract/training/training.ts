import type { Supports } from '../../workspace.ts';
import type { Runner } from '../harness.ts';
import type { Scene } from '../scene.ts';
import { cancelingContract } from './canceling.ts';
import { eventsContract } from './events.ts';
import { filesContract } from './files.ts';
import { resultContract } from './result.ts';
import { submissionContract } from './submission.ts';

export function trainingContract(test: Runner, scene: Scene, supports: Supports): void {
  submissionContract(test, scene, supports);
  eventsContract(test, scene, supports);
  resultContract(test, scene, supports);
  filesContract(test, scene, supports);
  cancelingContract(test, scene);
}
