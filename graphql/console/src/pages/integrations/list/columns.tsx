import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import type { ResultOf } from "../../../api/graphql";
import { ActsMenu } from "../../../components/acts_menu";
import { Badge } from "../../../components/badge";
import type { Column } from "../../../components/data_table";
import { Moment } from "../../../components/moment";
import { useFormats } from "../../../language/formats";
import { GrantChips, type GrantRow } from "../grant_chips";
import { ENDING, HOLDER_NAMES, PAUSABLE, STATE_NAMES, STATE_TONES } from "../words";
import type { InstallationsQuery } from "./documents";
import css from "./list.module.css";

export type InstallationRow = ResultOf<typeof InstallationsQuery>["installations"]["edges"][number]["node"];

export interface Acts {
  mayManage: boolean;
  onStop: (installation: InstallationRow, grant: GrantRow) => void;
  onPause: (installation: InstallationRow) => void;
  onResume: (installation: InstallationRow) => void;
  onUninstall: (installation: InstallationRow) => void;
}

export function useColumns(acts: Acts): Column<InstallationRow>[] {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  return useMemo(
    () => [
      { id: "name", title: t`Name`, isRowHeader: true, cell: nameOf },
      { id: "state", title: t`State`, cell: (one) => <Badge tone={STATE_TONES[one.state]}>{i18n._(STATE_NAMES[one.state])}</Badge> },
      {
        id: "grants",
        title: t`May get`,
        cell: (one) => (
          <GrantChips
            name={one.name}
            grants={one.grants}
            onStop={acts.mayManage && !ENDING.has(one.state) ? (grant) => acts.onStop(one, grant) : undefined}
          />
        ),
      },
      { id: "people", title: t`Of people`, cell: ({ reach }) => reach && formats.number(reach.people) },
      { id: "last", title: t`Last delivery`, cell: ({ reach }) => reach?.lastDeliveryAt && <Moment at={reach.lastDeliveryAt} /> },
      { id: "countries", title: t`Stored in`, isSecondary: true, cell: ({ countries }) => <span className={css.countries}>{formats.list(countries.map(formats.country))}</span> },
      ...(acts.mayManage ? [{ id: "acts", title: t`Acts`, cell: (one: InstallationRow) => <ActsMenu label={t`More for ${one.name}`} acts={actsOn(one)} /> }] : []),
    ],
    [t, i18n, formats, acts],
  );

  function actsOn(one: InstallationRow) {
    return [
      { id: "pause", label: t`Pause`, run: () => acts.onPause(one), isThere: PAUSABLE.has(one.state) },
      { id: "resume", label: t`Resume`, run: () => acts.onResume(one), isThere: one.state === "PAUSED" },
      { id: "uninstall", label: t`Uninstall …`, run: () => acts.onUninstall(one), isThere: !ENDING.has(one.state) },
    ];
  }

  function nameOf({ name, holder, group, member, problem }: InstallationRow) {
    return (
      <span className={css.name}>
        <bdi>{name}</bdi>
        <span className={css.holder}>
          {group ? (
            <Trans>
              for <bdi>{group.name}</bdi>
            </Trans>
          ) : member ? (
            <Trans>
              for <bdi>{member.displayName}</bdi>
            </Trans>
          ) : (
            i18n._(HOLDER_NAMES[holder])
          )}
        </span>
        {problem && (
          <span className={css.problem} data-of-server>
            {problem}
          </span>
        )}
      </span>
    );
  }
}
