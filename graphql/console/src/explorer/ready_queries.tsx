/** The ready queries for an administrator's daily work: tabs at the first opening, and a list in the side bar. */

import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from "@graphiql/react";

export interface ReadyQuery {
  title: string;
  query: string;
}

const files = import.meta.glob<string>("../../queries/*.graphql", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** In the order of the numbers of their files; the first comment line is the title. */
export const readyQueries: ReadyQuery[] = Object.keys(files)
  .sort((one, other) => one.localeCompare(other, "en", { numeric: true }))
  .map((path) => {
    const query = files[path] ?? "";
    return { title: query.split("\n", 1)[0]?.replace(/^#\s*/, "") ?? path, query };
  });

function ReadyQueryList() {
  const { addTab } = useGraphiQLActions();
  const editor = useGraphiQL((state) => state.queryEditor);
  const open = ({ query }: ReadyQuery) => {
    addTab();
    editor?.setValue(query);
    editor?.focus();
  };
  return (
    <section aria-label="Ready queries">
      <h2 className="ready-heading">Ready queries</h2>
      <p>Each opens in a new tab. Fill in its variables, then press Ctrl-Enter.</p>
      <ul className="ready-list">
        {readyQueries.map((ready) => (
          <li key={ready.title}>
            <button type="button" disabled={!editor} onClick={() => open(ready)}>
              {ready.title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ReadyQueryIcon() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M8 6h12M8 12h12M8 18h12M3.5 6h.01M3.5 12h.01M3.5 18h.01" strokeLinecap="round" />
    </svg>
  );
}

export const READY_QUERIES: GraphiQLPlugin = {
  title: "Ready queries",
  icon: ReadyQueryIcon,
  content: ReadyQueryList,
};
