import { MalachiteError, type Pipelines, type Schedule } from '@malachite/core';

/** The schedule of that name; `NotFound` names those there are. */
export async function findSchedule(pipelines: Pipelines, name: string): Promise<Schedule> {
  const schedules = await pipelines.listSchedules();
  const found = schedules.find((schedule) => schedule.name === name);
  if (found) return found;
  const names = schedules.map((schedule) => schedule.name).join(', ');
  throw new MalachiteError('NotFound', `Schedule "${name}" does not exist. Schedules: ${names || 'none'}.`);
}
