/** What one GraphQL operation starts with, over HTTP and over sockets alike. */
import type { Plugin } from 'graphql-yoga';
import type { Viewer } from '../commands/viewer.ts';
import type { Authenticate } from './authentication.ts';
import { bearerToken } from './authentication.ts';
import { presentError } from './graphql-errors.ts';
import type { RequestContext } from './server.ts';

/** Makes the resolvers' context. */
export type CreateContext = (viewer: Viewer, request: RequestContext) => object;

/** Set before the operation is parsed: over HTTP by `useBearerAuthentication`, over sockets by the socket. */
export interface OperationStart extends RequestContext {
  viewer?: Viewer;
}

/** Yoga plugin: lets no request in without a valid token, before its body is looked at. Whatever needs none was answered earlier. */
export function useBearerAuthentication(authenticate: Authenticate): Plugin<OperationStart, OperationStart> {
  return {
    async onRequestParse({ request, serverContext }) {
      try {
        serverContext.viewer = await authenticate(bearerToken(request.headers.get('authorization')));
      } catch (error) {
        throw presentError(error, serverContext);
      }
    },
  };
}

/** Envelop plugin: gives the resolvers their context. */
export function useOperationContext(createContext: CreateContext): Plugin {
  return {
    onContextBuilding({ context }) {
      const { viewer, requestId, log, signal, request } = context as unknown as OperationStart & {
        // Of HTTP only; sockets say themselves when they are closed.
        readonly request?: Request;
      };
      if (!viewer) throw new Error('an operation without a viewer');
      const made = createContext(viewer, { requestId, log, signal: signal ?? request?.signal });
      // Not Object.assign, nor Yoga's own `context` option: they would read a getter once instead of keeping it.
      Object.defineProperties(context, Object.getOwnPropertyDescriptors(made));
    },
  };
}
