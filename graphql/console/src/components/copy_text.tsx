import { Trans, useLingui } from "@lingui/react/macro";
import { Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";
import css from "./copy_text.module.css";

/** What is entered elsewhere: shown in full, and copied by a button that names it. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const { t } = useLingui();
  const [copied, setCopied] = useState<boolean>();
  const copy = async () => {
    // A browser may refuse it; the text can be selected all the same.
    setCopied(
      await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      ),
    );
  };
  return (
    <div className={css.copy}>
      <span className={css.label}>{label}</span>
      <code className={css.text}>{text}</code>
      <Button onPress={() => void copy()} aria-label={t`Copy: ${label}`}>
        <Copy aria-hidden />
        <Trans>Copy</Trans>
      </Button>
      <span role="status" className={css.status}>
        {copied === true && <Trans>Copied.</Trans>}
        {copied === false && <Trans>Your browser did not let it be copied: select the text.</Trans>}
      </span>
    </div>
  );
}
