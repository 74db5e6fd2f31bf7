import { Trans, useLingui } from "@lingui/react/macro";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { Day } from "../../components/moment";
import { useFormats } from "../../language/formats";
import { fieldName } from "../../words/data_fields";
import { PROOF_NAMES } from "../../words/obligations";
import type { Choices } from "../../components/choosing/use_choices";
import css from "./me.module.css";
import type { MyData, Recipient } from "./recipients";
import { Uses } from "./uses";

interface Properties {
  recipient: Recipient;
  mine: MyData;
  choices: Choices;
  /** The datum that is asked about. */
  data: string | undefined;
}

/** One recipient: what it is, what it received and since when, what it may get and why, and what one can do about it. */
export function RecipientCard({ recipient, mine, choices, data }: Properties) {
  const { t } = useLingui();
  const formats = useFormats();
  const { installationId: id, integration, countries } = recipient;
  const objections = mine.myObjections.filter(({ recipient: to, withdrawnAt }) => !withdrawnAt && to?.installationId === id);
  const toAll = objections.find(({ purpose }) => purpose === "");
  return (
    <li className={css.card} aria-labelledby={`recipient-${id}`}>
      <div className={css.cardHead}>
        <h2 id={`recipient-${id}`}>
          <bdi>{integration}</bdi>
        </h2>
        <Holding recipient={recipient} />
      </div>
      <p className={css.muted}>
        <bdi>{recipient.recipient}</bdi>
        {countries.length > 0 && (
          <>
            {" · "}
            <Trans>stored in {formats.list(countries.map(formats.country))}</Trans>
          </>
        )}
      </p>
      <Received recipient={recipient} data={data} />
      <Ended recipient={recipient} />
      <Uses recipient={recipient} mine={mine} choices={choices} />
      <Buttons>
        {toAll ? (
          <>
            <span>
              <Trans>
                You objected on <Day at={toAll.createdAt} />.
              </Trans>
            </span>
            <Button isDisabled={choices.isRunning} onPress={() => void choices.takeBack(toAll.id)} aria-label={t`Withdraw the objection to ${integration}`}>
              <Trans>Withdraw the objection</Trans>
            </Button>
          </>
        ) : (
          recipient.isConnected && (
            <Button isDisabled={choices.isRunning} onPress={() => void choices.object({ installationId: id })} aria-label={t`Object to ${integration}`}>
              <Trans>Object</Trans>
            </Button>
          )
        )}
        {recipient.privacyContact && <Contact contact={recipient.privacyContact} />}
      </Buttons>
    </li>
  );
}

function Contact({ contact }: { contact: string }) {
  return contact.includes("@") ? (
    <a href={`mailto:${contact}`}>
      <Trans>Ask there about privacy</Trans>
    </a>
  ) : (
    <span className={css.muted}>
      <Trans>
        About privacy, ask: <bdi>{contact}</bdi>
      </Trans>
    </span>
  );
}

function Holding({ recipient: { holding, heldSince, received } }: { recipient: Recipient }) {
  if (holding === "SHARED") {
    return (
      <Badge tone="info">
        {heldSince ? (
          <Trans>
            Has data since <Day at={heldSince} />
          </Trans>
        ) : (
          <Trans>Has data</Trans>
        )}
      </Badge>
    );
  }
  if (holding === "RESTRICTED") return <Badge tone="warn">{<Trans>Keeps data, and may not use it</Trans>}</Badge>;
  return <Badge>{received.length ? <Trans>Gave everything back</Trans> : <Trans>Received nothing so far</Trans>}</Badge>;
}

/** That it was taken away, since when, and how that is known: evidence that stays. */
function Ended({ recipient: { endedAt, endProof } }: { recipient: Recipient }) {
  const { i18n } = useLingui();
  return endedAt && endProof ? (
    <p className={css.muted}>
      <Trans>
        Ended on <Day at={endedAt} />. How that is known: {i18n._(PROOF_NAMES[endProof])}.
      </Trans>
    </p>
  ) : null;
}

function Received({ recipient: { received }, data }: { recipient: Recipient; data: string | undefined }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  if (received.length === 0) return null;
  const last = received.map(({ lastAt }) => lastAt).sort().at(-1)!;
  const one = received.find(({ name }) => name === data);
  if (one) {
    return (
      <p>
        <Trans>
          {fieldName(i18n, one.name)}: sent first on <Day at={one.firstAt} />, last on <Day at={one.lastAt} />.
        </Trans>
      </p>
    );
  }
  const names = formats.list(received.map(({ name }) => fieldName(i18n, name)));
  return (
    <p>
      <Trans>
        Received: {names}; last on <Day at={last} />.
      </Trans>
    </p>
  );
}
