/** What a request's page shows: what comes next, a card for each right, what rests, and what happened. */

import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { ObjectLink } from "../../components/text_link";
import { useKey } from "../../shell/keys";
import { Certificate } from "./certificate";
import { NextBox } from "./next_box";
import css from "./request.module.css";
import { Restrictions } from "./restrictions";
import { RightCard } from "./right_card";
import { Timeline } from "./timeline";
import { type Request, useDeciding } from "./types";

interface Properties {
  request: Request;
  refresh: () => void;
}

export function ContentOfRequest({ request, refresh }: Properties) {
  const { t } = useLingui();
  const deciding = useDeciding(request);
  const first = request.rights.find(({ state, handler }) => (state === "WITH_ADMIN" || state === "WITH_PRIVACY_TEAM") && deciding.decides(handler));
  const press = (act: string) => document.getElementById(`${act}-${first?.id}`);
  useKey("y", msg`Approve the first right that waits: Enter confirms`, () => press("approve")?.focus(), first !== undefined);
  useKey("r", msg`Refuse the first right that waits`, () => press("refuse")?.click(), first !== undefined);
  const erasure = request.rights.find(({ kind, state, handler }) => kind === "ERASURE" && (state === "APPROVED" || state === "PREVIEWED") && deciding.decides(handler));
  const step = (act: string) => document.getElementById(`${act}-${erasure?.id}`);
  useKey("p", msg`Preview the erasure`, () => step("preview")?.click(), erasure !== undefined);
  useKey("e", msg`Erase as previewed: Enter confirms`, () => step("commit")?.focus(), erasure?.state === "PREVIEWED");
  return (
    <div className={css.columns}>
      <div className={css.main}>
        <NextBox request={request} />
        {deciding.isOwn && (
          <p className={css.note}>
            <Trans>
              This is your own request: somebody else decides it. What you can do with it stands <ObjectLink page="me/requests" id={request.id}>on your own pages</ObjectLink>.
            </Trans>
          </p>
        )}
        {request.rights.map((right) => (
          <RightCard key={right.id} request={request} right={right} refresh={refresh} />
        ))}
        <Restrictions request={request} refresh={refresh} />
        <Certificate request={request} />
      </div>
      <aside className={css.aside} aria-label={t`Course of the request`}>
        <Timeline request={request} />
      </aside>
    </div>
  );
}
