import type { ServerResponse } from 'node:http';

/** An answer without a body. */
export function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { ...headers, ...(status !== 204 && status !== 304 && { 'content-length': 0 }) });
  response.end();
}

export function sendXml(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
}
