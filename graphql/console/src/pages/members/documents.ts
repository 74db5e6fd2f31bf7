import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const MembersQuery = graphql(
  `
    query MemberList(
      $shell: Boolean!
      $first: Int!
      $after: String
      $where: MemberFilterInput!
      $order: MemberOrder!
      $group: ID!
      $ofGroup: Boolean!
    ) {
      ...ShellFields @include(if: $shell)
      members(first: $first, after: $after, where: $where, orderBy: $order) {
        edges {
          node {
            id
            displayName
            email
            state
            roles {
              role
            }
            groups(first: 4) {
              edges {
                node {
                  id
                  name
                }
              }
              pageInfo {
                hasNextPage
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      group(id: $group) @include(if: $ofGroup) {
        id
        name
      }
    }
  `,
  [ShellFields],
);

/** The groups to choose from, asked when the choice opens. */
export const GroupChoicesQuery = graphql(`
  query GroupChoices {
    groups(first: 100) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

export const InviteMutation = graphql(`
  mutation Invite($input: InviteMemberInput!) {
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
