import { Trans } from "@lingui/react/macro";
import { Button, Buttons } from "../../../components/button";
import { CopyText } from "../../../components/copy_text";

export interface Closing {
  onDone: () => void;
  onClose: () => void;
}

interface Properties extends Closing {
  /** What is shown this once, each with its name; what there is none of is left out. */
  texts: readonly { label: string; text: string | null; isSecret?: boolean }[];
}

/** What is told this once: it closes by its button only, since a slip would lose the secret. */
export function Told({ texts, onDone, onClose }: Properties) {
  const close = () => {
    onDone();
    onClose();
  };
  return (
    <>
      {texts.map(({ label, text }) => text !== null && <CopyText key={label} label={label} text={text} />)}
      {texts.some(({ text, isSecret }) => isSecret && text !== null) && (
        <p>
          <Trans>The secret is shown this once.</Trans>
        </p>
      )}
      <Buttons>
        <Button kind="main" onPress={close}>
          <Trans>I have copied it</Trans>
        </Button>
      </Buttons>
    </>
  );
}
