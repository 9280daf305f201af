/** How large an operation may be. Each limit is far above what people write, and far below what hurts. */
import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import type { ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { tooComplex, useCostLimits } from './cost.ts';

export const LIMITS = {
  /** What the whole operation costs, in resolved fields as the schema estimates them; see `graphql/cost.ts`. */
  cost: 300_000,
  /** Levels of nested fields; introspection of `__schema` is not counted. */
  depth: 15,
  /** Aliases in the whole operation, fragments as often as they are used. */
  aliases: 100,
  /** Lexical tokens in the document. */
  tokens: 5_000,
} as const;

/** The plugins' own errors say "Syntax Error" and have no code; these take their place, next to the other validation errors. */
function reporting(message: string) {
  return {
    propagateOnRejection: false,
    onReject: [
      (context: ValidationContext | null) => {
        context?.reportError(tooComplex(message));
      },
    ],
  };
}

/** Envelop plugins that refuse larger operations with the code `QUERY_TOO_COMPLEX` before anything is executed. */
export function limitPlugins(): Plugin[] {
  return [
    maxAliasesPlugin({
      n: LIMITS.aliases,
      ...reporting(`The operation has more than ${LIMITS.aliases} aliases.`),
    }),
    useCostLimits(LIMITS),
    maxTokensPlugin({
      n: LIMITS.tokens,
      onReject: [
        () => {
          throw tooComplex(`The document has more than ${LIMITS.tokens} tokens.`);
        },
      ],
    }),
  ];
}
