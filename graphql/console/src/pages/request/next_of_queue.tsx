import { Trans } from "@lingui/react/macro";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { Button } from "../../components/button";
import { neighbourOf } from "../../shell/neighbours";
import css from "./request.module.css";

/** The next request of the list that one came from, which may be another organisation's. */
export function NextOfQueue() {
  const navigate = useNavigate();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const next = neighbourOf(path, 1);
  if (next === undefined) return null;
  return (
    <Button kind="quiet" onPress={() => void navigate({ href: next })}>
      <Trans>Next request</Trans>
      <ChevronRight aria-hidden className={css.arrow} />
    </Button>
  );
}
