import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint } from '../../core/http/types.ts';
import type { ReportBook } from '../../core/reports/report-book.ts';
import { ProblemReport, type ReportsPage } from '../../schemas/reports.ts';

export interface ReportsDeps {
  readonly book: Pick<ReportBook, 'add' | 'list'>;
}

export const reportsEndpoints = (deps: ReportsDeps): readonly Endpoint[] => [sendReport(deps), listReports(deps)];

/** POST /api/platform/reports: what a window that broke tells the operators, if the person wants it to. */
const sendReport = ({ book }: ReportsDeps) =>
  endpoint({
    method: 'POST',
    path: '/api/platform/reports',
    access: { kind: 'signed-in' },
    body: ProblemReport,
    summary: 'Sends a report of a broken screen. It has no field for what was typed or recorded; ten an hour for each person.',
    media: 'application/json',
    async run({ body, caller }) {
      await book.add(caller.id, body);
      return reply(204);
    },
  });

/** GET /api/platform/reports */
const listReports = ({ book }: ReportsDeps) =>
  endpoint({
    method: 'GET',
    path: '/api/platform/reports',
    access: { kind: 'operator' },
    summary: 'The faults that were reported in the last 90 days, each with its count, the last met first.',
    media: 'application/json',
    async run() {
      const page: ReportsPage = { reports: await book.list() };
      return reply(200, page);
    },
  });
