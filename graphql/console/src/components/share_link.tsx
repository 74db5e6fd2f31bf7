import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link2 } from "lucide-react";
import { useKey } from "../shell/keys";
import { useTell } from "../shell/outcomes";
import { Button } from "./button";

/** Copies the address of the list as it is narrowed: who opens it sees the same rows, as far as he or she may. */
export function ShareLink() {
  const { t } = useLingui();
  const tell = useTell();
  const share = async () => {
    // A browser may refuse it.
    const isCopied = await navigator.clipboard.writeText(location.href).then(
      () => true,
      () => false,
    );
    tell({ text: isCopied ? t`The link to these rows is copied.` : t`Your browser did not let the link be copied: copy the address of this page.` });
  };
  useKey("s", msg`Copy a link to these rows`, () => void share());
  return (
    <Button kind="quiet" onPress={() => void share()}>
      <Link2 aria-hidden />
      <Trans>Copy link</Trans>
    </Button>
  );
}
