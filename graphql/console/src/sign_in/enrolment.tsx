import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, useEffect, useState } from "react";
import { goToChoice, loadSession, post, type Step } from "./session";

interface Enrolment {
  secret: string;
  qr_svg: string;
}

interface Confirmed extends Step {
  recovery_codes: string[];
}

/** Set up the second factor: an account without one may do nothing else. */
export function SecondFactorEnrolment({ onDone }: { onDone: () => Promise<void> }) {
  const { t } = useLingui();
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [confirmed, setConfirmed] = useState<Confirmed>();
  const [failure, setFailure] = useState("");

  useEffect(() => {
    let isWanted = true;
    const begin = async () => {
      try {
        const begun = await post<Enrolment>("/auth/enrol-second-factor", {}, await loadSession());
        if (isWanted) setEnrolment(begun);
      } catch (error) {
        if (isWanted) setFailure((error as Error).message);
      }
    };
    void begin();
    return () => {
      isWanted = false;
    };
  }, []);

  const confirm = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code"));
    try {
      const path = "/auth/enrol-second-factor/confirm";
      const answer = await post<Confirmed>(path, { code }, await loadSession());
      setConfirmed(answer);
      setFailure("");
    } catch (error) {
      setFailure((error as Error).message);
    }
  };

  const goOn = async () => {
    if (!confirmed || !goToChoice(confirmed)) await onDone();
  };
  if (confirmed) return <RecoveryCodes codes={confirmed.recovery_codes} onDone={goOn} />;
  return (
    <form onSubmit={(event) => void confirm(event)}>
      <h2>
        <Trans>Set up your second step</Trans>
      </h2>
      {enrolment && (
        <>
          <p>
            <Trans>Scan this with an authenticator application, or type the key into it.</Trans>
          </p>
          <img
            className="qr"
            alt={t`QR code that holds the key below`}
            src={`data:image/svg+xml,${encodeURIComponent(enrolment.qr_svg)}`}
          />
          <p>
            <Trans>
              Key: <code>{enrolment.secret}</code>
            </Trans>
          </p>
          <label>
            <span>
              <Trans>Code that the authenticator shows</Trans>
            </span>
            <input name="code" inputMode="numeric" autoComplete="one-time-code" required />
          </label>
        </>
      )}
      {failure && <p role="alert">{failure}</p>}
      <button type="submit" className="action" disabled={!enrolment}>
        <Trans>Confirm</Trans>
      </button>
      <p>
        <a href="/auth/enrol">
          <Trans>Use a passkey instead</Trans>
        </a>
      </p>
    </form>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => Promise<void> }) {
  return (
    <section aria-labelledby="recovery">
      <h2 id="recovery">
        <Trans>Your recovery codes</Trans>
      </h2>
      <p>
        <Trans>Each stands in once for your second factor. They are shown only now: keep them in a safe place.</Trans>
      </p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <button type="button" className="action" onClick={() => void onDone()}>
        <Trans>I have kept them</Trans>
      </button>
    </section>
  );
}
