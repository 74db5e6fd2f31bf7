import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import type { ResultOf } from "../../api/graphql";
import { usePage } from "../../api/use_page";
import { Badge } from "../../components/badge";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { type Column, DataTable } from "../../components/data_table";
import { Filter, FilterBar } from "../../components/filter_bar";
import { Deadline } from "../../components/moment";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { stringifySearch } from "../../shell/search";
import { VERB_NAMES } from "../../words/obligations";
import { type TaskFields, TasksQuery } from "./documents";
import { tasksRoute } from "./route";
import { TASK_STATES } from "./states";
import css from "./tasks.module.css";
import { TASK_STATE_NAMES, TASK_STATE_TONES } from "./words";

const TaskDialog = opened(() => import("./task_dialog"), "TaskDialog");

export type Task = ResultOf<typeof TaskFields>;

export default function TasksPage() {
  const { t, i18n } = useLingui();
  const search = tasksRoute.useSearch();
  const { organisation = "" } = useParams({ strict: false });
  const navigate = useNavigate({ from: tasksRoute.fullPath });
  const { state = "OPEN", after, task } = search;
  const asked = usePage(TasksQuery, { first: PAGE_SIZE, after: after ?? null, states: [state] });
  const columns = useColumns();
  const list = asked.data?.manualTasks;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  return (
    <PageFrame
      title={t`Tasks`}
      about={<Trans>What somebody does by hand at a recipient, because it can't be done from here. The soonest due stands first.</Trans>}
      actions={<CopyAsGraphQL asked={asked} />}
    >
      <FilterBar isFiltered={state !== "OPEN"} onClear={() => void navigate({ search: {} })}>
        <Filter
          label={t`State`}
          isSingle
          options={TASK_STATES.map((id) => ({ id, name: i18n._(TASK_STATE_NAMES[id]) }))}
          selected={[state]}
          onChange={([chosen]) => void navigate({ search: { state: chosen === "OPEN" ? undefined : chosen } })}
        />
      </FilterBar>
      <Part asked={asked} lines={6}>
        {rows.length === 0 ? (
          <NoTasks isOpen={state === "OPEN"} />
        ) : (
          <DataTable
            label={t`Tasks`}
            columns={columns}
            rows={rows}
            nameOf={titleOf}
            addressOf={({ id }) => `/o/${encodeURIComponent(organisation)}/tasks${stringifySearch({ ...search, task: id })}`}
          />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
      {task && <TaskDialog id={task} onClose={() => void navigate({ search: (now) => ({ ...now, task: undefined }) })} onDone={asked.refresh} />}
    </PageFrame>
  );
}

export function titleOf({ obligation, instructions }: Task): string {
  return obligation?.installation?.name ?? obligation?.recipient ?? instructions;
}

function useColumns(): Column<Task>[] {
  const { t, i18n } = useLingui();
  return useMemo(
    () => [
      { id: "where", title: t`Where`, isRowHeader: true, cell: (task) => <bdi>{titleOf(task)}</bdi> },
      { id: "what", title: t`What`, cell: ({ obligation }) => obligation && i18n._(VERB_NAMES[obligation.verb]) },
      { id: "who", title: t`About whom`, cell: ({ obligation }) => (obligation?.member ? <bdi>{obligation.member.displayName}</bdi> : t`Everybody`) },
      {
        id: "instructions",
        title: t`Instructions`,
        isSecondary: true,
        cell: ({ instructions }) => (
          <span className={css.clamped} dir="auto" data-of-server>
            {instructions}
          </span>
        ),
      },
      { id: "due", title: t`Due`, cell: ({ dueAt, state }) => <Deadline at={dueAt} isOver={state !== "OPEN"} /> },
      { id: "state", title: t`State`, cell: ({ state }) => <Badge tone={TASK_STATE_TONES[state]}>{i18n._(TASK_STATE_NAMES[state])}</Badge> },
    ],
    [t, i18n],
  );
}

function NoTasks({ isOpen }: { isOpen: boolean }) {
  return (
    <Empty>
      {isOpen ? (
        <Trans>No hand work waits. When a recipient can't erase or correct by itself, what somebody has to do there stands here, with instructions and a date.</Trans>
      ) : (
        <Trans>No task is in this state.</Trans>
      )}
    </Empty>
  );
}
