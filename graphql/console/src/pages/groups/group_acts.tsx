import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { useCommand } from "../../api/use_command";
import { useNavigate } from "@tanstack/react-router";
import { ActFailures } from "../../components/act_failures";
import { type Act, ActsMenu } from "../../components/acts_menu";
import { Button } from "../../components/button";
import { useReversible } from "../../components/harm";
import { opened } from "../../components/opened";
import { useMay, useViewer } from "../../shell/viewer";
import type { Visibility } from "../../words/groups";
import { TakePeopleOutMutation } from "./people/documents";
import { ArchiveGroupMutation, HandToDirectoryMutation, SetVisibilityMutation, TakeFromDirectoryMutation } from "./documents";
import type { GroupProperties } from "./group_page";

const DescribeDialog = opened(() => import("./describe_dialog"), "DescribeDialog");
const RestoreDialog = opened(() => import("./restore_dialog"), "RestoreDialog");

/** What can be done to a group, by who manages all groups or this one. */
export function GroupActs({ group, myRole, onDone }: GroupProperties) {
  const { t } = useLingui();
  const act = useReversible();
  const viewer = useViewer();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"describe" | "restore">();
  const archiving = useCommand(ArchiveGroupMutation);
  const handing = useCommand(HandToDirectoryMutation);
  const taking = useCommand(TakeFromDirectoryMutation);
  const showing = useCommand(SetVisibilityMutation);
  const leaving = useCommand(TakePeopleOutMutation);
  const managesAll = useMay("GROUPS_MANAGE");
  const isOwner = managesAll || myRole === "GROUP_OWNER";
  const isAdmin = isOwner || myRole === "GROUP_ADMIN";
  const isOpen = group.archivedAt === null;
  const isOfDirectory = group.managedBy === "DIRECTORY";
  const input = { input: { groupId: group.id } };
  const show = (visibility: Visibility) => showing.run({ input: { groupId: group.id, visibility } });
  const turn = (run: () => Promise<unknown>, text: ReactNode, back: () => Promise<unknown>) => void act(run, text, back);
  const archive = async () => {
    const done = await archiving.run(input);
    if (done) onDone();
    return done;
  };
  const leave = async () => {
    const me = viewer?.member?.id;
    const done = me && (await leaving.run({ input: { groupId: group.id, memberIds: [me], isPinned: false } }));
    if (done && done.rows.every(({ error }) => !error)) void navigate({ to: ".." });
  };
  const hides = group.contactVisibility === "NAME_ONLY";
  const acts: Act[] = [
    { id: "describe", label: t`Change name and description…`, run: () => setDialog("describe"), isThere: isOpen && isAdmin && !isOfDirectory },
    {
      id: "show",
      label: hides ? t`Let people see each other’s contact details` : t`Let people see names only`,
      run: () =>
        turn(
          () => show(hides ? "CONTACT_DETAILS" : "NAME_ONLY"),
          hides ? <Trans>People in this group see each other’s contact details now.</Trans> : <Trans>People in this group see each other’s names only now.</Trans>,
          () => show(group.contactVisibility),
        ),
      isThere: isOpen && managesAll,
    },
    {
      id: "directory",
      label: isOfDirectory ? t`Let people decide again` : t`Hand over to the directory`,
      run: () =>
        isOfDirectory
          ? turn(() => taking.run(input), <Trans>People decide on this group again; those who are in it stay.</Trans>, () => handing.run(input))
          : turn(() => handing.run(input), <Trans>Your organisation’s directory decides on this group now; those who are in it stay.</Trans>, () => taking.run(input)),
      isThere: isOpen && managesAll,
    },
    { id: "leave", label: t`Leave this group`, run: () => void leave(), isThere: isOpen && myRole !== undefined && !isOfDirectory },
    {
      id: "archive",
      label: t`Archive`,
      run: () => void archive(),
      isThere: isOpen && isOwner,
    },
  ];
  return (
    <>
      {!isOpen && isOwner && (
        <Button kind="main" onPress={() => setDialog("restore")}>
          <Trans>Open it again…</Trans>
        </Button>
      )}
      <ActsMenu acts={acts} />
      <ActFailures commands={[archiving, handing, taking, showing, leaving]} />
      {dialog === "describe" && <DescribeDialog group={group} onClose={() => setDialog(undefined)} />}
      {dialog === "restore" && <RestoreDialog group={group} onClose={() => setDialog(undefined)} onDone={onDone} />}
    </>
  );
}
