import { endpoint, reply } from '../../core/http/endpoint.ts';

/** GET /api/openapi.json: every endpoint of every feature. */
export const openApi = (document: () => unknown) =>
  endpoint({
    method: 'GET',
    path: '/api/openapi.json',
    access: { kind: 'public', why: 'It describes addresses, which are public with the source, and holds no data.' },
    summary: 'This API as OpenAPI 3.1.',
    media: 'application/json',
    run: async () => reply(200, document()),
  });
