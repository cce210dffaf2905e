import { UPLOAD_SYSTEM } from '../../schemas/upload-system.ts';
import type { NewTask } from '../tasks/build.ts';
import { taskText } from '../tasks/task-text.ts';
import type { Upload } from './upload.ts';

/** The task to file an upload. */
export const fileTask = ({ id }: Pick<Upload, 'id'>): NewTask => ({
  kind: 'file-document',
  key: id,
  // By its upload: in no chart there is a record of it yet.
  focus: { identifier: { system: UPLOAD_SYSTEM, value: id } },
  description: taskText('file-scan'),
});
