import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const AuditQuery = graphql(
  `
    query AuditLog($shell: Boolean!, $first: Int!, $after: String, $where: AuditFilterInput, $merger: ID, $actor: ID!, $ofActor: Boolean!) {
      ...ShellFields @include(if: $shell)
      auditLog(first: $first, after: $after, where: $where, mergerId: $merger) {
        edges {
          node {
            id
            sequence
            at
            actorKind
            action
            targetKind
            targetId
            purpose
            outcome
            requestId
            details
            actor {
              id
              displayName
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      auditVerification {
        at
        isIntact
        verifiedTo
        brokenAt
        entries
      }
      member(id: $actor) @include(if: $ofActor) {
        id
        displayName
      }
    }
  `,
  [ShellFields],
);

export const VerifyMutation = graphql(`
  mutation ConsoleVerifyAuditLog($input: VerifyAuditLogInput!) {
    verifyAuditLog(input: $input) {
      verification {
        isIntact
        verifiedTo
        brokenAt
        entries
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
