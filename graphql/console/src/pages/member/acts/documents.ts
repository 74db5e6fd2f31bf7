import { graphql } from "../../../api/graphql";

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
          isOwn
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

export const BeginRecoveryMutation = graphql(`
  mutation BeginRecoveryOfMember($input: BeginAccountRecoveryInput!) {
    beginAccountRecovery(input: $input) {
      recovery {
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
