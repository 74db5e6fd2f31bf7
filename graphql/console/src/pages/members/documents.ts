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
            createdAt
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

/** Which roles one may give follows from one's own. */
export const MyRolesQuery = graphql(`
  query MyRoles {
    viewer {
      member {
        id
        roles {
          role
        }
      }
      organisation {
        id
        name
      }
    }
  }
`);

export const DeactivateMembersMutation = graphql(`
  mutation ConsoleDeactivateMembers($input: MembersInput!) {
    deactivateMembers(input: $input) {
      rows {
        memberId
        error {
          message
        }
        member {
          id
          state
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ReactivateMembersMutation = graphql(`
  mutation ConsoleReactivateMembers($input: MembersInput!) {
    reactivateMembers(input: $input) {
      rows {
        memberId
        error {
          message
        }
        member {
          id
          state
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RemoveMembersMutation = graphql(`
  mutation ConsoleRemoveMembers($input: MembersInput!) {
    removeMembers(input: $input) {
      rows {
        memberId
        error {
          message
        }
        member {
          id
          state
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const AssignRolesMutation = graphql(`
  mutation ConsoleAssignRoleToMembers($input: RoleOfMembersInput!) {
    assignRoleToMembers(input: $input) {
      rows {
        memberId
        error {
          message
        }
        member {
          id
          roles {
            role
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const AddToGroupMutation = graphql(`
  mutation ConsoleAddMembersToGroup($input: GroupMembersInput!) {
    addGroupMembers(input: $input) {
      rows {
        memberId
        error {
          message
        }
        member {
          id
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
      errors {
        code
        message
        path
      }
    }
  }
`);

export const TakeFromGroupMutation = graphql(`
  mutation ConsoleTakeMembersFromGroup($input: GroupMembersInput!) {
    removeGroupMembers(input: $input) {
      rows {
        memberId
        error {
          message
        }
        member {
          id
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
      errors {
        code
        message
        path
      }
    }
  }
`);
