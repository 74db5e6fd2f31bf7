import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const MemberQuery = graphql(
  `
    query MemberPage($shell: Boolean!, $id: ID!) {
      ...ShellFields @include(if: $shell)
      viewer {
        member {
          id
          roles {
            role
          }
        }
      }
      member(id: $id) {
        id
        visibility
        createdAt
        displayName
        title
        firstName
        lastName
        jobTitle
        company
        username
        email
        phone
        pictureUrl
        postalAddress
        state
        joinedAt
        lastSeenAt
        leftAt
        roles {
          role
          since
          grantedBy {
            id
            displayName
          }
        }
        memberships(first: 50) {
          edges {
            node {
              role
              joinedAt
              isByRule
              group {
                id
                name
                managedBy
              }
            }
          }
          pageInfo {
            hasNextPage
          }
        }
        gracePeriod {
          memberId
          cause
          state
          endsAt
        }
        directoryUser {
          userName
          employeeNumber
          department
          division
          costCenter
          organization
          manager
          changedAt
        }
      }
    }
  `,
  [ShellFields],
);

export const MemberHoldingsQuery = graphql(`
  query MemberHoldings($id: ID!) {
    member(id: $id) {
      id
      holdings(first: 100) {
        edges {
          node {
            since
            recipient
            state
            installation {
              id
              name
            }
          }
        }
        pageInfo {
          hasNextPage
        }
      }
      restrictions {
        id
        createdAt
        cause
        category
        state
        liftAt
        liftedAt
        liftedReason
        requestId
      }
    }
  }
`);

export const MemberActivityQuery = graphql(`
  query MemberActivity($id: ID!, $after: String) {
    auditLog(first: 50, after: $after, where: { targetId: $id }) {
      edges {
        node {
          id
          at
          action
          actorKind
          outcome
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
  }
`);

export const MemberLooksQuery = graphql(`
  query MemberLooks($id: ID!) {
    member(id: $id) {
      id
      looks(by: WEEK) {
        beginsAt
        count
        categories
        actorKind
        actor {
          id
          displayName
        }
      }
    }
  }
`);

export const PreviewMemberRemovalMutation = graphql(`
  mutation ConsolePreviewMemberRemoval($input: MemberInput!) {
    previewMemberRemoval(input: $input) {
      preview {
        digest
        roles
        groups
        records
        obligations
        waitsForApproval
        recipients {
          name
          recipient
          method
          proof
          retentionDays
          action
        }
        stays {
          what
          reason
          until
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

export const RemoveMemberMutation = graphql(`
  mutation ConsoleRemoveMember($input: RemoveMemberInput!) {
    removeMember(input: $input) {
      member {
        id
        state
        leftAt
        gracePeriod {
          memberId
          cause
          state
          endsAt
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

export const RestoreMemberMutation = graphql(`
  mutation ConsoleRestoreMember($input: MemberInput!) {
    restoreMember(input: $input) {
      member {
        id
        state
        leftAt
        gracePeriod {
          memberId
          cause
          state
          endsAt
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

export const DeactivateMemberMutation = graphql(`
  mutation ConsoleDeactivateMember($input: MemberInput!) {
    deactivateMember(input: $input) {
      member {
        id
        state
        leftAt
        gracePeriod {
          memberId
          cause
          state
          endsAt
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

export const ReactivateMemberMutation = graphql(`
  mutation ConsoleReactivateMember($input: MemberInput!) {
    reactivateMember(input: $input) {
      member {
        id
        state
        leftAt
        gracePeriod {
          memberId
          cause
          state
          endsAt
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

export const AssignRoleMutation = graphql(`
  mutation ConsoleAssignRole($input: MemberRoleInput!) {
    assignRole(input: $input) {
      member {
        id
        roles {
          role
          since
          grantedBy {
            id
            displayName
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

export const WithdrawRoleMutation = graphql(`
  mutation ConsoleWithdrawRole($input: MemberRoleInput!) {
    withdrawRole(input: $input) {
      member {
        id
        roles {
          role
          since
          grantedBy {
            id
            displayName
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

export const UpdateMemberMutation = graphql(`
  mutation ConsoleUpdateMember($input: UpdateMemberInput!) {
    updateMember(input: $input) {
      member {
        id
        displayName
        title
        firstName
        lastName
        jobTitle
        company
        username
        email
        phone
        pictureUrl
        postalAddress
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const CorrectEmailMutation = graphql(`
  mutation ConsoleCorrectMemberEmail($input: CorrectMemberEmailInput!) {
    correctMemberEmail(input: $input) {
      member {
        id
        displayName
        title
        firstName
        lastName
        jobTitle
        company
        username
        email
        phone
        pictureUrl
        postalAddress
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const EndSessionsMutation = graphql(`
  mutation ConsoleEndMemberSessions($input: MemberSessionsInput!) {
    endMemberSessions(input: $input) {
      member {
        id
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const DisconnectMutation = graphql(`
  mutation ConsoleDisconnectMember($input: MemberSessionsInput!) {
    disconnectMember(input: $input) {
      member {
        id
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const JoinGroupMutation = graphql(`
  mutation ConsoleAddMemberToGroup($input: GroupMemberRoleInput!) {
    addGroupMember(input: $input) {
      membership {
        role
        joinedAt
        group {
          id
          name
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

export const LeaveGroupMutation = graphql(`
  mutation ConsoleTakeMemberFromGroup($input: GroupMemberInput!) {
    removeGroupMember(input: $input) {
      membership {
        role
        joinedAt
        group {
          id
          name
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

export const ChoosableGroupsQuery = graphql(`
  query ChoosableGroups {
    groups(first: 100) {
      edges {
        node {
          id
          name
          managedBy
          rule {
            createdAt
          }
        }
      }
    }
  }
`);
