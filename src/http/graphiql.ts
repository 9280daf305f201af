/** GraphiQL: one page that brings everything along and fetches nothing but this server's answers. */
import { shouldRenderGraphiQL, type GraphiQLOptions, type GraphiQLRenderer, type Plugin } from 'graphql-yoga';
import { isLoopback } from '../loopback.ts';
import type { GraphiqlExample } from './graphiql-examples.ts';

export interface GraphiqlSettings {
  /** Asked each time the page is opened, so that their variables speak of objects as they are now. */
  readonly examples: () => Promise<readonly GraphiqlExample[]>;
  /** In demo mode: makes the token that the page is signed in with. */
  readonly demoToken?: (() => Promise<string>) | undefined;
}

/**
 * The browser enforces that nothing comes from elsewhere. The page's scripts are inline, and its editor compiles workers from blobs.
 */
const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `script-src 'unsafe-inline' 'unsafe-eval' blob:`,
  `worker-src blob:`,
  `style-src 'unsafe-inline'`,
  `img-src 'self' data:`,
  `font-src data:`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/**
 * GraphiQL leaves a transform on the tabs that it opens with, which an animation hides until the pointer goes down: then the tab jumps aside,
 * and the click misses it.
 */
const STYLE = '<style>.graphiql-tab { transform: none !important; }</style>';

// 9 MB of script, so it is loaded when the first browser asks.
const render: GraphiQLRenderer = async (options) => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(options).replace('</head>', `${STYLE}</head>`);
};

interface Tab {
  readonly query: string;
  readonly variables: string;
}

function tabOf({ name, query, variables }: GraphiqlExample): Tab {
  return {
    query: `# ${name}\n${query.trim()}\n`,
    variables: variables ? JSON.stringify(variables, null, 2) : '',
  };
}

/** Left to itself, GraphiQL opens with a welcome text in the first tab's place, and adds a tab with it at each further visit. */
function openAt(tab: Tab | undefined, request: Request) {
  if (!tab || new URL(request.url).searchParams.has('query')) return {};
  return { initialQuery: tab.query, initialVariables: tab.variables };
}

/**
 * Whether the page may carry a token. The name that the browser used must be this machine's: a page of another site that points its own
 * name at 127.0.0.1 would read the token otherwise.
 */
function isLocalRequest(request: Request): boolean {
  return isLoopback(new URL(request.url).hostname);
}

/** Yoga's options for GraphiQL. */
export function graphiqlOptions({ examples, demoToken }: GraphiqlSettings) {
  return {
    renderGraphiQL: render,
    graphiql: async (request: Request): Promise<GraphiQLOptions> => {
      const token = demoToken && isLocalRequest(request) ? await demoToken() : null;
      const headers = JSON.stringify({ Authorization: `Bearer ${token ?? '<token>'}` }, null, 2);
      const tabs = (await examples()).map(tabOf);
      const options = {
        title: 'Handrail',
        // The WebSocket mode ignores the headers editor, in which the token is.
        subscriptionsProtocol: 'SSE',
        credentials: 'omit',
        headers,
        // A token that the browser kept would win over the fresh one of the demo mode.
        shouldPersistHeaders: token === null,
        ...(tabs.length > 0 ? { defaultTabs: tabs } : {}),
        defaultEditorToolsVisibility: 'headers',
        ...openAt(tabs[0], request),
      } satisfies GraphiQLOptions & Partial<Record<'initialQuery' | 'initialVariables', string>>;
      return options;
    },
  };
}

/** Yoga plugin: the headers of GraphiQL's page. */
export function useGraphiqlHeaders(): Plugin {
  return {
    onResponse({ request, response }) {
      if (!shouldRenderGraphiQL(request) || !response.headers.get('content-type')?.startsWith('text/html'))
        return;
      response.headers.set('content-security-policy', CONTENT_SECURITY_POLICY);
      response.headers.set('x-content-type-options', 'nosniff');
      response.headers.set('referrer-policy', 'no-referrer');
      response.headers.set('cache-control', 'no-store');
    },
  };
}
