import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { ActsMenu } from "../../components/acts_menu";
import { HarmDialog } from "../../components/harm";
import { opened } from "../../components/opened";
import { useTell } from "../../shell/outcomes";
import { ReleaseDomainMutation } from "./documents";
import type { DomainDetails } from "./words";

const EvidenceDialog = opened(() => import("./evidence_dialog"), "EvidenceDialog");

/** Rarer acts on a domain: say why a disputed one is yours, let go of it. */
export function DomainActs({ domain, refresh }: { domain: DomainDetails; refresh: () => void }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<"evidence" | "release">();
  const close = () => setOpen(undefined);
  const isDisputed = domain.state === "DISPUTED" || domain.contestedUntil !== null;
  return (
    <>
      <ActsMenu
        acts={[
          { id: "evidence", label: t`Say why it is yours …`, run: () => setOpen("evidence"), isThere: isDisputed },
          { id: "release", label: t`Let go of the domain …`, run: () => setOpen("release") },
        ]}
      />
      {open === "evidence" && <EvidenceDialog domain={domain} onClose={close} />}
      {open === "release" && <ReleaseDialog domain={domain} onClose={close} onDone={refresh} />}
    </>
  );
}

function ReleaseDialog({ domain, onClose, onDone }: { domain: DomainDetails; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ReleaseDomainMutation);
  const release = async () => {
    if (!(await command.run({ input: { domainId: domain.id } }))) return;
    tell({ text: t`Your organisation has let go of ${domain.displayName}.` });
    onClose();
    onDone();
  };
  return (
    <HarmDialog
      title={t`Let go of ${domain.displayName}`}
      act={t`Let go of the domain`}
      figures={[]}
      people={0}
      objectName={domain.displayName}
      command={command}
      onCommit={release}
      onClose={onClose}
    >
      <p>
        <Trans>
          The next organisation to prove it holds it. Nobody joins by an address there any more, and accounts that were asked are left alone.
          Members stay; those who joined by it decide whether you go on seeing more than address and state. Nothing is deleted. To have it back,
          prove it again.
        </Trans>
      </p>
    </HarmDialog>
  );
}
