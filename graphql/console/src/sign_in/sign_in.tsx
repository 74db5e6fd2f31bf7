import "./sign_in.css";
import { Trans } from "@lingui/react/macro";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { SecondFactorEnrolment } from "./enrolment";
import { canShowPasskeys, showPasskey } from "./passkeys";
import { goToChoice, goToProvider, loadSession, loadWays, post, type Session, type Step as Passed, type Ways } from "./session";

type Step = "password" | "totp" | "enrolment";

/** What a sign-in that was left half done waits for. */
const STEP_OF_STAGE: Record<string, Step> = { second_step: "totp", enrolment: "enrolment" };

interface Properties {
  session: Session;
  onDone: () => Promise<void>;
}

/** The endpoint that checks a passkey at each step: before the password, it is both steps at once. */
const PASSKEY_AT: Record<string, string> = { password: "/auth/sign-in/passkey", totp: "/auth/second-step/passkey" };

/** Sign in with e-mail address and password, then with the code of the authenticator; or with a passkey at each step. */
export function SignIn({ session, onDone }: Properties) {
  const [step, setStep] = useState<Step>(() => STEP_OF_STAGE[session.stage ?? ""] ?? "password");
  const [failure, setFailure] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [hasPasskey, setHasPasskey] = useState(session.has_passkey === true);

  const [ways, setWays] = useState<Ways>();
  useEffect(() => void loadWays().then(setWays), []);

  const pass = async (act: (current: Session) => Promise<Passed>) => {
    setIsBusy(true);
    setFailure("");
    try {
      // Fetched again: the token changes between the steps, because the session does.
      const answer = await act(await loadSession().catch(() => session));
      if (answer.step === "totp" || answer.step === "enrolment") {
        setHasPasskey((await loadSession().catch(() => session)).has_passkey === true);
        setStep(answer.step);
      } else if (!goToChoice(answer)) {
        await onDone();
      }
      return true;
    } catch (error) {
      setFailure((error as Error).message);
      return false;
    } finally {
      setIsBusy(false);
    }
  };
  const go = async (key: string) => {
    setFailure("");
    await goToProvider(key, session).catch((error: Error) => setFailure(error.message));
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = Object.fromEntries(new FormData(form));
    const path = step === "password" ? "/auth/sign-in" : "/auth/second-step";
    if (!(await pass((current) => post(path, fields, current)))) form.reset();
  };
  if (step === "enrolment") return <SecondFactorEnrolment onDone={onDone} />;
  return (
    <form onSubmit={(event) => void submit(event)} key={step}>
      {step === "password" ? <PasswordFields /> : <CodeField />}
      {failure && <p role="alert">{failure}</p>}
      <button type="submit" className="action" disabled={isBusy}>
        {step === "password" ? <Trans>Sign in</Trans> : <Trans>Confirm</Trans>}
      </button>
      {ways?.passkey && canShowPasskeys() && (step === "password" || hasPasskey) && (
        <button type="button" disabled={isBusy} onClick={() => void pass((current) => showPasskey(PASSKEY_AT[step]!, current))}>
          <Trans>Use a passkey</Trans>
        </button>
      )}
      {step === "password" &&
        ways?.providers.map(({ key, name }) => (
          <button type="button" key={key} disabled={isBusy} onClick={() => void go(key)}>
            <Trans>Sign in with {name}</Trans>
          </button>
        ))}
      {step === "password" && <OtherWays isByMail={ways?.mailed_link === true} />}
      {step === "totp" && (
        <p>
          <a href="/auth/lost-factor">
            <Trans>I have lost my second factor</Trans>
          </a>
        </p>
      )}
    </form>
  );
}

function PasswordFields() {
  return (
    <>
      <label>
        <span>
          <Trans>E-mail address</Trans>
        </span>
        <input name="email" type="email" autoComplete="username" required autoFocus />
      </label>
      <label>
        <span>
          <Trans>Password</Trans>
        </span>
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
    </>
  );
}

/** Where who can't or doesn't begin with a password goes on. */
function OtherWays({ isByMail }: { isByMail: boolean }) {
  return (
    <ul className="ways">
      {isByMail && (
        <li>
          <a href="/auth/by-mail">
            <Trans>Mail me a link instead</Trans>
          </a>
        </li>
      )}
      <li>
        <a href="/auth/way">
          <Trans>Sign in by your organisation's provider</Trans>
        </a>
      </li>
      <li>
        <a href="/auth/forgotten">
          <Trans>I have forgotten my password</Trans>
        </a>
      </li>
      <li>
        <a href="/auth/registration">
          <Trans>I have no account yet</Trans>
        </a>
      </li>
    </ul>
  );
}

function CodeField() {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <label>
      <span>
        <Trans>Code from your authenticator, or a recovery code</Trans>
      </span>
      <input ref={input} name="code" autoComplete="one-time-code" spellCheck={false} required />
    </label>
  );
}
