/** Every port, made from core's table of operations: nothing here knows what an operation means. */
import { type Operation, operations, type Ports } from '@malachite/core';
import { callDownload } from './call-download.ts';
import { callEvents } from './call-events.ts';
import { callJson } from './call-json.ts';
import { callUpload } from './call-upload.ts';
import type { Connection, Input } from './connection.ts';

type Method = (input: never) => unknown;

export function httpPorts(connection: Connection): Ports {
  const ports = Object.entries(operations).map(([port, methods]) => {
    const calls = Object.entries<Operation>(methods).map(([name, operation]) => [name, methodOf(connection, operation)]);
    return [port, Object.fromEntries(calls)];
  });
  // Core declares the table with one operation for every method of every port, so this names them all.
  return Object.fromEntries(ports) as Ports;
}

function methodOf(connection: Connection, operation: Operation): Method {
  switch (operation.kind) {
    case 'json':
      return (input: Input = {}) => callJson(connection, operation, input);
    case 'upload':
      return (content: AsyncIterable<Uint8Array>) => callUpload(connection, operation, content);
    case 'download':
      return (input: Input) => callDownload(connection, operation, input);
    case 'events':
      return (input: Input) => callEvents(connection, operation, input);
  }
}
