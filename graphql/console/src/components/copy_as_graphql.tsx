import { Trans, useLingui } from "@lingui/react/macro";
import { Code } from "lucide-react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { operationName, trustedDocument } from "../api/trusted";
import { useTell } from "../shell/outcomes";
import { Button } from "./button";
import menu from "./menu.module.css";

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
  return (
    <MenuTrigger>
      <Button kind="icon" aria-label={t`Copy as GraphQL`}>
        <Code aria-hidden />
      </Button>
      <Popover className={menu.popover!} placement="bottom end">
        <Menu className={menu.menu!} aria-label={t`Copy as GraphQL`}>
          <MenuItem className={menu.item!} onAction={() => void copy(`${query}\n\n${JSON.stringify(variables, null, 2)}`)}>
            <Trans>Document and variables</Trans>
          </MenuItem>
          <MenuItem className={menu.item!} onAction={() => void copy(curl(query, variables))}>
            <Trans>As a curl command</Trans>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** With a place for the token: a session's cookie is no program's. */
function curl(query: string, variables: Record<string, unknown>): string {
  const body = JSON.stringify({ query, variables }).replaceAll("'", "'\\''");
  return `curl ${location.origin}/graphql -H 'Authorization: Bearer YOUR_TOKEN' -H 'Content-Type: application/json' -d '${body}'`;
}
