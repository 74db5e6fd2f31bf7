import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const TaskFields = graphql(`
  fragment TaskFields on ManualTask {
    id
    createdAt
    instructions
    dueAt
    state
    completedAt
    evidence
    completedBy {
      id
      displayName
    }
    obligation {
      id
      verb
      recipient
      installation {
        id
        name
      }
      member {
        id
        displayName
      }
    }
  }
`);

export const TasksQuery = graphql(
  `
    query TaskList($shell: Boolean!, $first: Int!, $after: String, $states: [ManualTaskState!]!) {
      ...ShellFields @include(if: $shell)
      manualTasks(first: $first, after: $after, states: $states) {
        edges {
          node {
            ...TaskFields
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [ShellFields, TaskFields],
);

/** The task that the address names, which may stand on another page of the list. */
export const TaskQuery = graphql(
  `
    query OneTask($id: ID!) {
      node(id: $id) {
        __typename
        id
        ... on ManualTask {
          ...TaskFields
        }
      }
    }
  `,
  [TaskFields],
);

export const CompleteTaskMutation = graphql(
  `
    mutation CompleteTask($input: CompleteManualTaskInput!) {
      completeManualTask(input: $input) {
        task {
          ...TaskFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [TaskFields],
);

export const GiveUpTaskMutation = graphql(
  `
    mutation GiveUpTask($input: GiveUpManualTaskInput!) {
      giveUpManualTask(input: $input) {
        task {
          ...TaskFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [TaskFields],
);

export const ReopenTaskMutation = graphql(
  `
    mutation ReopenTask($input: ReopenManualTaskInput!) {
      reopenManualTask(input: $input) {
        task {
          ...TaskFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [TaskFields],
);
