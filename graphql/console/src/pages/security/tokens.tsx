import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Failure } from "../../api/failures";
import { Button } from "../../components/button";
import { CopyText } from "../../components/copy_text";
import { Day } from "../../components/moment";
import { opened } from "../../components/opened";
import { Section } from "../../components/section";
import { Empty, Part, Reason } from "../../components/states";
import { useFormats } from "../../language/formats";
import { useTell } from "../../shell/outcomes";
import { call, failureOfCall, useCall } from "./account_calls";
import css from "./security.module.css";
import { type NewToken } from "./token_dialog";

const TokenDialog = opened(() => import("./token_dialog"), "TokenDialog");

export interface Token {
  id: string;
  name: string;
  organisation: string;
  scopes: string[];
  expires_at: string;
  last_used_at: string | null;
}

/** Tokens by which programs act as oneself. */
export function Tokens() {
  const { t } = useLingui();
  const tell = useTell();
  const asked = useCall<Token[]>("/auth/tokens");
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<NewToken>();
  const [failure, setFailure] = useState<Failure>();
  const revoke = async ({ id, name }: Token) => {
    setFailure(undefined);
    try {
      await call(`/auth/tokens/${id}`, "DELETE");
      tell({ text: t`The token ${name} is ended.` });
      asked.refresh();
    } catch (error) {
      setFailure(failureOfCall(error));
    }
  };
  return (
    <Section
      title={t`Access tokens`}
      about={<Trans>A program with such a token acts as you, in one organisation, as far as the token allows.</Trans>}
      actions={
        <Button onPress={() => setIsMaking(true)}>
          <Trans>Make a token</Trans>
        </Button>
      }
    >
      {made && (
        <div className={css.made}>
          <p>
            <Trans>Copy it now: it is shown this once.</Trans>
          </p>
          <CopyText label={made.access_token.name} text={made.token} />
        </div>
      )}
      {failure && <Reason failure={failure} isAct />}
      <Part asked={asked} lines={3}>
        {asked.data?.length === 0 ? (
          <Empty>
            <Trans>You have no access token. Make one for a program that shall act as you.</Trans>
          </Empty>
        ) : (
          <ul className={css.list}>
            {asked.data?.map((token) => (
              <TokenRow key={token.id} token={token} onRevoke={() => void revoke(token)} />
            ))}
          </ul>
        )}
      </Part>
      {isMaking && (
        <TokenDialog
          onClose={() => setIsMaking(false)}
          onMade={(answer) => {
            setMade(answer);
            setIsMaking(false);
            asked.refresh();
          }}
        />
      )}
    </Section>
  );
}

function TokenRow({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const { t } = useLingui();
  const formats = useFormats();
  return (
    <li className={css.row}>
      <span>
        <bdi>{token.name}</bdi>
        <span className={css.line}>
          <bdi>{token.organisation}</bdi>
          {" · "}
          {formats.list(token.scopes)}
          {" · "}
          {token.last_used_at ? (
            <Trans>
              used last on <Day at={token.last_used_at} />
            </Trans>
          ) : (
            <Trans>not used yet</Trans>
          )}
          {" · "}
          <Trans>
            until <Day at={token.expires_at} />
          </Trans>
        </span>
      </span>
      <Button onPress={onRevoke} aria-label={t`End the token ${token.name}`}>
        <Trans>End it</Trans>
      </Button>
    </li>
  );
}
