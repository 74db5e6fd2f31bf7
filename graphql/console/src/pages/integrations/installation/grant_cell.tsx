import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../../api/use_command";
import { Badge } from "../../../components/badge";
import { Button } from "../../../components/button";
import { CommandForm } from "../../../components/command_form";
import { Dialog } from "../../../components/dialog";
import { Day } from "../../../components/moment";
import { useTell } from "../../../shell/outcomes";
import { categoryName, purposeName } from "../../../words/taxonomy";
import type { GrantRow } from "../grant_chips";
import { GrantMutation } from "./documents";
import type { Installation } from "./installation_page";
import css from "./installation.module.css";

interface Pair {
  category: string;
  purpose: string;
}

interface Properties {
  installation: Installation;
  pair: Pair;
  /** It is sent here by the third party, rather than to it. */
  isIncoming?: boolean;
  mayManage: boolean;
  onStop: (grant: GrantRow) => void;
  onDone: () => void;
}

/** One category for one purpose: allowed since when, or how to allow it. */
export function GrantCell({ installation, pair, isIncoming = false, mayManage, onStop, onDone }: Properties) {
  const { t, i18n } = useLingui();
  const [isAsked, setIsAsked] = useState(false);
  const grant = installation.grants.find(({ category, purpose }) => category === pair.category && purpose === pair.purpose);
  const name = categoryName(i18n, pair.category);
  return (
    <div className={css.cell}>
      {grant ? (
        <>
          <span>
            <Badge tone="good">
              <Trans>Allowed</Trans>
            </Badge>{" "}
            <Trans>
              since <Day at={grant.createdAt} />
            </Trans>
          </span>
          {mayManage && (
            <Button aria-label={t`Stop sharing ${name}`} onPress={() => onStop(grant)}>
              <Trans>Stop …</Trans>
            </Button>
          )}
        </>
      ) : (
        <>
          <Badge>
            <Trans>Not allowed</Trans>
          </Badge>
          {mayManage && (
            <Button aria-label={t`Allow ${name}`} onPress={() => setIsAsked(true)}>
              <Trans>Allow …</Trans>
            </Button>
          )}
        </>
      )}
      {isAsked && <GrantDialog installation={installation} pair={pair} isIncoming={isIncoming} onDone={onDone} onClose={() => setIsAsked(false)} />}
    </div>
  );
}

interface DialogProperties {
  installation: Installation;
  pair: Pair;
  isIncoming: boolean;
  onDone: () => void;
  onClose: () => void;
}

function GrantDialog({ installation, pair, isIncoming, onDone, onClose }: DialogProperties) {
  const { t, i18n } = useLingui();
  const tell = useTell();
  const command = useCommand(GrantMutation);
  const { id, name, reach } = installation;
  const category = categoryName(i18n, pair.category);
  const allow = async () => {
    if (!(await command.run({ input: { installationId: id, ...pair } }))) return;
    tell({
      text: isIncoming ? (
        <Trans>
          <bdi>{name}</bdi> may send “{category}” from now on.
        </Trans>
      ) : (
        <Trans>
          <bdi>{name}</bdi> may get “{category}” from now on; whose data it is, is told.
        </Trans>
      ),
    });
    onDone();
    onClose();
  };
  return (
    <Dialog title={isIncoming ? t`Allow ${name} to send ${category}?` : t`Allow ${name} to get ${category}?`} onClose={onClose}>
      <CommandForm act={t`Allow ${category}`} onSubmit={allow} onCancel={onClose} command={command} fields={[]}>
        {isIncoming ? (
          <p>
            <Trans>
              From now on what it tells of people is kept here, apart from their profiles and with its source, in order to{" "}
              {purposeName(i18n, pair.purpose)}. The people are told. It goes as soon as you stop it.
            </Trans>
          </p>
        ) : (
        <p>
          <Trans>
            From now on it is sent in order to {purposeName(i18n, pair.purpose)}. The people whose data it is are told. You can stop it at any
            time; then it is taken back.
          </Trans>
        </p>
        )}
        {reach && !isIncoming && (
          <p>
            <Plural value={reach.people} _0="It holds nobody's data now." one="It holds data of # person now." other="It holds data of # people now." />
          </p>
        )}
      </CommandForm>
    </Dialog>
  );
}
