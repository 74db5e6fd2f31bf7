import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const RecoveryFields = graphql(`
  fragment RecoveryFields on AccountRecovery {
    id
    createdAt
    state
    stateSince
    actsAt
    endedAt
    isAskedByOwner
    approvals
    replacesPassword
    address
    member {
      id
      displayName
    }
  }
`);

export const RecoveriesQuery = graphql(
  `
    query RecoveryList($shell: Boolean!, $first: Int!, $after: String, $states: [RecoveryState!]) {
      ...ShellFields @include(if: $shell)
      accountRecoveries(first: $first, after: $after, states: $states) {
        edges {
          node {
            ...RecoveryFields
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [ShellFields, RecoveryFields],
);

export const ApproveRecoveryMutation = graphql(
  `
    mutation ApproveRecovery($input: ApproveAccountRecoveryInput!) {
      approveAccountRecovery(input: $input) {
        recovery {
          ...RecoveryFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [RecoveryFields],
);

export const DeclineRecoveryMutation = graphql(
  `
    mutation DeclineRecovery($input: AccountRecoveryInput!) {
      declineAccountRecovery(input: $input) {
        recovery {
          ...RecoveryFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [RecoveryFields],
);
