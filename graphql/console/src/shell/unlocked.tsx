import { useLingui } from "@lingui/react/macro";
import { LockOpen } from "lucide-react";
import { useEffect, useState } from "react";
import { useSession } from "../api/session_store";
import { useFormats } from "../language/formats";
import css from "./frame.module.css";

const STEP_UP_LASTS_MS = 600_000;

/** Until when acts that need the second step are open. */
export function Unlocked() {
  const { t } = useLingui();
  const { session } = useSession();
  const formats = useFormats();
  const until = session.stepped_up_at ? new Date(session.stepped_up_at).getTime() + STEP_UP_LASTS_MS : 0;
  const isOpen = useIsBefore(until);
  if (!isOpen) return null;
  const text = t`Unlocked until ${formats.time(new Date(until))}`;
  return (
    <span className={css.chip} title={text}>
      <LockOpen aria-hidden />
      <span>{text}</span>
    </span>
  );
}

function useIsBefore(moment: number): boolean {
  const [, setRound] = useState(0);
  const left = moment - Date.now();
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setRound((round) => round + 1), left + 1);
    return () => clearTimeout(timer);
  }, [left]);
  return left > 0;
}
