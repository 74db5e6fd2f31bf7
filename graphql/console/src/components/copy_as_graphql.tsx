import { useLingui } from "@lingui/react/macro";
import { Code } from "lucide-react";
import { operationName, trustedDocument } from "../api/trusted";
import { useTell } from "../shell/outcomes";
import { ActsMenu } from "./acts_menu";

interface Properties {
  asked: { document: { definitions: readonly unknown[] }; variables: Record<string, unknown> };
}

/** The page's own document with its variables, for a program that shall do the same. */
export function CopyAsGraphQL({ asked }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const { definitions } = asked.document;
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    tell({ text: t`Copied.` });
  };
  const query = trustedDocument(operationName({ definitions }))?.text ?? "";
  const variables = { ...asked.variables, shell: false };
  const acts = [
    { id: "document", label: t`Document and variables`, run: () => void copy(`${query}\n\n${JSON.stringify(variables, null, 2)}`) },
    { id: "curl", label: t`As a curl command`, run: () => void copy(curl(query, variables)) },
  ];
  return <ActsMenu label={t`Copy as GraphQL`} icon={<Code aria-hidden />} acts={acts} />;
}

/** With a place for the token: a session's cookie is no program's. */
function curl(query: string, variables: Record<string, unknown>): string {
  const body = JSON.stringify({ query, variables }).replaceAll("'", "'\\''");
  return `curl ${location.origin}/graphql -H 'Authorization: Bearer YOUR_TOKEN' -H 'Content-Type: application/json' -d '${body}'`;
}
