/** Imports point one way (ARCHITECTURE.md): http → graphql → commands → engine, store; live and worker stand on store. */
const only = (from, ...to) => ({
  name: `${from}-imports`,
  severity: 'error',
  comment: `src/${from} may import only ${['itself', ...to].join(', ')} of our folders`,
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: [from, ...to].map((folder) => `^src/${folder}(/|\\.ts$)`) },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'engine-is-pure',
      severity: 'error',
      comment: 'the engine imports nothing from outside its folder: no package, no module of Node',
      from: { path: '^src/engine/' },
      to: { pathNot: '^src/engine/' },
    },
    // The store keeps what the engine computes, so it speaks of the engine's data.
    only('store', 'engine', 'start-error'),
    only('calendar', 'engine'),
    only('outgoing'),
    // They run in browsers.
    only('pages'),
    only('commands', 'calendar', 'engine', 'outgoing', 'store'),
    only('automation', 'calendar', 'commands', 'engine', 'outgoing', 'store'),
    only('journeys', 'automation', 'commands', 'engine', 'outgoing', 'store'),
    only('reactions', 'automation', 'commands', 'engine', 'store'),
    only('diagram', 'engine'),
    only('live', 'store'),
    only('worker', 'automation', 'calendar', 'commands', 'engine', 'outgoing', 'reactions', 'store'),
    only('graphql', 'automation', 'journeys', 'calendar', 'commands', 'diagram', 'engine', 'store', 'live'),
    {
      name: 'nobody-imports-http',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(http/|[^/]+\\.ts$)' },
      to: { path: '^src/http/' },
    },
    {
      name: 'prisma-stays-in-store',
      severity: 'error',
      comment: 'so that a change of ORM stays local; the schema builder knows its types',
      from: { path: '^src/', pathNot: '^src/(store/|graphql/builder\\.ts$)' },
      to: { path: 'node_modules/(@prisma/|prisma/)' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '(main\\.tsx?|\\.d\\.ts)$' },
      to: {},
    },
    {
      name: 'not-to-test',
      severity: 'error',
      from: { path: '^(src|prisma|scripts)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/(store|pages)/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
