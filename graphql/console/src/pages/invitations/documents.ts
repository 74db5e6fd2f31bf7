import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const InvitationsQuery = graphql(
  `
    query InvitationList($shell: Boolean!, $first: Int!, $after: String, $isOpenOnly: Boolean!) {
      ...ShellFields @include(if: $shell)
      invitations(first: $first, after: $after, isOpenOnly: $isOpenOnly) {
        edges {
          node {
            id
            createdAt
            email
            roles
            state
            expiresAt
            acceptedAt
            revokedAt
            group {
              id
              name
            }
            invitedBy {
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
    }
  `,
  [ShellFields],
);

export const RevokeInvitationMutation = graphql(`
  mutation ConsoleRevokeInvitation($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
      invitation {
        id
        state
        revokedAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const InviteAgainMutation = graphql(`
  mutation ConsoleInviteAgain($input: InviteMemberInput!) {
    inviteMember(input: $input) {
      invitation {
        id
        email
        expiresAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
