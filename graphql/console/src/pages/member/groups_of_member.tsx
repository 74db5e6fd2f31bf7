import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { VariablesOf } from "../../api/graphql";
import { type Command, useCommand } from "../../api/use_command";
import { usePart } from "../../api/use_page";
import { ActFailures } from "../../components/act_failures";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { Tick } from "../../components/fields";
import { useReversible } from "../../components/harm";
import { Day } from "../../components/moment";
import { Section } from "../../components/section";
import { Part } from "../../components/states";
import { ObjectLink } from "../../components/text_link";
import { useMay } from "../../shell/viewer";
import { GROUP_ROLE_NAMES } from "../../words/groups";
import { ChoosableGroupsQuery, JoinGroupMutation, LeaveGroupMutation } from "./acts/documents";
import css from "./member.module.css";
import type { Member } from "./member_page";

export function GroupsOfMember({ member, onDone }: { member: Member; onDone: () => void }) {
  const { t, i18n } = useLingui();
  const act = useReversible();
  const joining = useCommand(JoinGroupMutation);
  const leaving = useCommand(LeaveGroupMutation);
  const [isAdding, setIsAdding] = useState(false);
  const mayManage = useMay("GROUPS_MANAGE");
  const memberships = member.memberships.edges.map(({ node }) => node);
  const take = async (group: { id: string; name: string }, isByRule: boolean, role: (typeof memberships)[number]["role"]) => {
    const input = { groupId: group.id, memberId: member.id };
    const back = () => joining.run({ input: { ...input, isPinned: isByRule, role } }).then(onDone);
    const name = group.name;
    const text = <Trans>Taken out of “<bdi>{name}</bdi>”; the person is told.</Trans>;
    if (await act(() => leaving.run({ input: { ...input, isPinned: isByRule } }), text, back)) onDone();
  };
  return (
    <Section
      title={t`Groups`}
      actions={
        mayManage &&
        member.state === "ACTIVE" && (
          <Button onPress={() => setIsAdding(true)}>
            <Trans>Add to a group…</Trans>
          </Button>
        )
      }
    >
      <ActFailures commands={isAdding ? [leaving] : [leaving, joining]} />
      {memberships.length === 0 && (
        <p className={css.nothing}>
          <Trans>In no group that you see.</Trans>
        </p>
      )}
      <ul className={css.list}>
        {memberships.map(({ group, role, joinedAt, isByRule }) =>
          group ? (
            <li key={group.id}>
              <ObjectLink page="groups" id={group.id}>
                <bdi>{group.name}</bdi>
              </ObjectLink>
              {role !== "MEMBER" && <Badge>{i18n._(GROUP_ROLE_NAMES[role])}</Badge>}
              <span className={css.since}>
                {isByRule ? (
                  <Trans>
                    since <Day at={joinedAt} />, by the group’s rule
                  </Trans>
                ) : (
                  <Trans>
                    since <Day at={joinedAt} />
                  </Trans>
                )}
              </span>
              {mayManage && group.managedBy === "PEOPLE" && (
                <Button kind="quiet" onPress={() => void take(group, isByRule, role)} isDisabled={leaving.isRunning} aria-label={t`Take out of ${group.name}`}>
                  <Trans>Take out</Trans>
                </Button>
              )}
            </li>
          ) : null,
        )}
      </ul>
      {member.memberships.pageInfo.hasNextPage && (
        <p className={css.nothing}>
          <Trans>There are more groups than are shown here.</Trans>
        </p>
      )}
      {isAdding && <AddToGroupDialog member={member} joining={joining} leaving={leaving} onClose={() => setIsAdding(false)} onDone={onDone} />}
    </Section>
  );
}

interface AddProperties {
  member: Member;
  joining: Command<{ membership: unknown }, VariablesOf<typeof JoinGroupMutation>>;
  leaving: Command<{ membership: unknown }, VariablesOf<typeof LeaveGroupMutation>>;
  onClose: () => void;
  onDone: () => void;
}

function AddToGroupDialog({ member, joining, leaving, onClose, onDone }: AddProperties) {
  const { t } = useLingui();
  const act = useReversible();
  const asked = usePart(ChoosableGroupsQuery, {});
  const [groupId, setGroupId] = useState<string | null>(null);
  const [isPinned, setIsPinned] = useState(false);
  const isIn = new Set(member.memberships.edges.map(({ node }) => node.group?.id));
  const groups = (asked.data?.groups.edges ?? []).map(({ node }) => node).filter(({ id, managedBy }) => !isIn.has(id) && managedBy === "PEOPLE");
  const chosen = groups.find(({ id }) => id === groupId);
  const add = async () => {
    if (!chosen) return;
    const input = { groupId: chosen.id, memberId: member.id, isPinned };
    const name = chosen.name;
    const text = <Trans>Added to “<bdi>{name}</bdi>”; the person is told.</Trans>;
    if (!(await act(() => joining.run({ input }), text, () => leaving.run({ input }).then(onDone)))) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`Add to a group`} onClose={onClose}>
      <Part asked={asked} lines={2}>
        <CommandForm act={t`Add`} isReady={chosen !== undefined} onSubmit={add} onCancel={onClose} command={joining} fields={["groupId"]}>
          <Choice label={t`Group`} options={groups} value={groupId} onChange={setGroupId} errors={errorsAt(joining.refusals, "groupId")} />
          {chosen?.rule && (
            <Tick isSelected={isPinned} onChange={setIsPinned}>
              <Trans>A rule fills this group: keep the person in it whatever the rule says</Trans>
            </Tick>
          )}
        </CommandForm>
      </Part>
    </Dialog>
  );
}
