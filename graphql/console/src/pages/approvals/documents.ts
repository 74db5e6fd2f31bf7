import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const ApprovalFields = graphql(`
  fragment ApprovalFields on Approval {
    id
    createdAt
    kind
    state
    isWithPrivacyTeam
    expiresAt
    decidedAt
    member {
      id
      displayName
    }
    askedBy {
      id
      displayName
    }
    decidedBy {
      id
      displayName
    }
  }
`);

export const ApprovalsQuery = graphql(
  `
    query ApprovalList($shell: Boolean!, $first: Int!, $after: String, $open: Boolean!) {
      ...ShellFields @include(if: $shell)
      approvals(first: $first, after: $after, isOpenOnly: $open) {
        edges {
          node {
            ...ApprovalFields
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [ShellFields, ApprovalFields],
);

export const ApproveDeletionMutation = graphql(
  `
    mutation ApproveDeletion($input: ApprovalInput!) {
      approveDeletion(input: $input) {
        approval {
          ...ApprovalFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [ApprovalFields],
);

export const RefuseDeletionMutation = graphql(
  `
    mutation RefuseDeletion($input: ApprovalInput!) {
      refuseDeletion(input: $input) {
        approval {
          ...ApprovalFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [ApprovalFields],
);

export const WithdrawDeletionMutation = graphql(
  `
    mutation WithdrawDeletion($input: ApprovalInput!) {
      withdrawDeletion(input: $input) {
        approval {
          ...ApprovalFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [ApprovalFields],
);
