import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const QueueQuery = graphql(
  `
    query PrivacyQueue($shell: Boolean!, $first: Int!, $after: String) {
      ...ShellFields @include(if: $shell)
      escalatedRequests(first: $first, after: $after) {
        edges {
          node {
            organisation
            organisationName
            requestId
            submittedAt
            dueAt
            lateSince
            escalatedAt
            escalationReason
            rights {
              id
              kind
              state
            }
            remainders
            restrictions
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      heldDeletions(first: 50) {
        edges {
          node {
            organisation
            organisationName
            approvalId
            kind
            askedAt
            expiresAt
          }
        }
      }
    }
  `,
  [ShellFields],
);

export const ApproveHeldMutation = graphql(`
  mutation ApproveHeldDeletion($input: ApprovalInput!) {
    approveDeletion(input: $input) {
      approval {
        id
        state
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RefuseHeldMutation = graphql(`
  mutation RefuseHeldDeletion($input: ApprovalInput!) {
    refuseDeletion(input: $input) {
      approval {
        id
        state
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const EraseLeftMutation = graphql(`
  mutation EraseLeftRemainder($input: EraseRemainderInput!) {
    eraseRemainder(input: $input) {
      remainder {
        id
        endedAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const LiftLeftMutation = graphql(`
  mutation LiftLeftRestriction($input: LiftRestrictionInput!) {
    liftRestriction(input: $input) {
      restriction {
        id
        state
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
