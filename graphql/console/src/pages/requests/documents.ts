import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const RequestRowFields = graphql(`
  fragment RequestRowFields on DataRequest {
    id
    submittedAt
    dueAt
    handler
    identity
    acknowledgedAt
    acknowledgeBy
    decideBy
    lateSince
    endedAt
    member {
      id
      displayName
    }
    rights {
      id
      kind
      state
      handler
      scheduledFor
    }
  }
`);

export const RequestsQuery = graphql(
  `
    query RequestList(
      $shell: Boolean!
      $first: Int!
      $after: String
      $isOpen: Boolean
      $member: ID
      $whose: ID!
      $ofMember: Boolean!
      $where: RequestFilterInput!
    ) {
      ...ShellFields @include(if: $shell)
      requests(first: $first, after: $after, isOpen: $isOpen, memberId: $member, where: $where, orderBy: DUE) {
        edges {
          node {
            ...RequestRowFields
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      member(id: $whose) @include(if: $ofMember) {
        id
        displayName
      }
    }
  `,
  [ShellFields, RequestRowFields],
);

export const AcknowledgeManyMutation = graphql(
  `
    mutation AcknowledgeMany($input: RequestsInput!) {
      acknowledgeRequests(input: $input) {
        rows {
          requestId
          error {
            code
            message
          }
          request {
            ...RequestRowFields
          }
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [RequestRowFields],
);
