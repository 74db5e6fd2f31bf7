import { useLingui } from "@lingui/react/macro";
import { ActsMenu } from "../../components/acts_menu";
import { Badge } from "../../components/badge";
import type { Column } from "../../components/data_table";
import { Day } from "../../components/moment";
import { Person } from "../../components/person";
import { ObjectLink } from "../../components/text_link";
import { INVITATION_STATE_NAMES, INVITATION_STATE_TONES } from "../../words/invitations";
import { ROLE_NAMES } from "../../words/members";
import type { Invitation } from "./invitations_page";

interface Acts {
  revoke: (invitation: Invitation) => void;
  correct: (invitation: Invitation) => void;
}

export function useColumns(acts: Acts | undefined): Column<Invitation>[] {
  const { t, i18n } = useLingui();
  return [
    { id: "email", title: t`E-mail address`, isRowHeader: true, cell: ({ email }) => <bdi>{email}</bdi> },
    {
      id: "brings",
      title: t`Brings`,
      cell: ({ roles, group }) => (
        <>
          {roles.filter((role) => role !== "MEMBER").map((role) => (
            <Badge key={role}>{i18n._(ROLE_NAMES[role])}</Badge>
          ))}{" "}
          {group && (
            <ObjectLink page="groups" id={group.id}>
              <bdi>{group.name}</bdi>
            </ObjectLink>
          )}
        </>
      ),
    },
    { id: "state", title: t`State`, cell: ({ state }) => <Badge tone={INVITATION_STATE_TONES[state]}>{i18n._(INVITATION_STATE_NAMES[state])}</Badge> },
    { id: "by", title: t`Invited by`, isSecondary: true, cell: ({ invitedBy }) => <Person person={invitedBy} /> },
    { id: "sent", title: t`Sent`, isSecondary: true, cell: ({ createdAt }) => <Day at={createdAt} /> },
    { id: "until", title: t`Until`, cell: ({ state, expiresAt, acceptedAt, revokedAt }) => <Day at={state === "OPEN" ? expiresAt : (acceptedAt ?? revokedAt ?? expiresAt)} /> },
    ...(acts
      ? [
          {
            id: "acts",
            title: t`Acts`,
            cell: (invitation: Invitation) =>
              invitation.state === "OPEN" && (
                <ActsMenu
                  label={t`Acts on ${invitation.email}`}
                  acts={[
                    { id: "correct", label: t`Correct the address…`, run: () => acts.correct(invitation) },
                    { id: "revoke", label: t`Revoke`, run: () => acts.revoke(invitation) },
                  ]}
                />
              ),
          },
        ]
      : []),
  ];
}
