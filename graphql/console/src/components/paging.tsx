import { Trans, useLingui } from "@lingui/react/macro";
import { useRouter } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useFormats } from "../language/formats";
import { Button } from "./button";
import css from "./paging.module.css";

/** How many rows a list shows at once. */
export const PAGE_SIZE = 50;

interface Properties {
  page: { hasNextPage: boolean; endCursor: string | null };
  /** How many the whole list has; null where counting costs too much. */
  total?: number | null | undefined;
  /** The address's `after`: undefined on the first page. */
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}

/** On to the next page, back as one came, or to the beginning. The place stands in the address. */
export function Paging({ page, total, after, onGo }: Properties) {
  const { t } = useLingui();
  const formats = useFormats();
  const { history } = useRouter();
  const isFirst = after === undefined;
  if (isFirst && !page.hasNextPage) return <Total total={total} />;
  const back = () => (history.canGoBack() ? history.back() : onGo(undefined));
  return (
    <nav className={css.paging} aria-label={t`Pages of the list`}>
      <Total total={total} />
      <span className={css.space} />
      {!isFirst && (
        <Button kind="quiet" onPress={() => onGo(undefined)}>
          <Trans>First page</Trans>
        </Button>
      )}
      <Button isDisabled={isFirst} onPress={back}>
        <ChevronLeft aria-hidden className={css.arrow} />
        <Trans>Back</Trans>
      </Button>
      <Button isDisabled={!page.hasNextPage} onPress={() => onGo(page.endCursor ?? undefined)}>
        <Trans>Next {formats.number(PAGE_SIZE)}</Trans>
        <ChevronRight aria-hidden className={css.arrow} />
      </Button>
    </nav>
  );
}

function Total({ total }: { total: number | null | undefined }) {
  const formats = useFormats();
  if (total === null || total === undefined) return null;
  return (
    <span className={css.total}>
      <Trans>{formats.number(total)} in all</Trans>
    </span>
  );
}
