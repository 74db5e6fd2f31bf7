import { graphql } from "../../../api/graphql";

export const SetGroupRoleMutation = graphql(`
  mutation ConsoleSetGroupRole($input: SetGroupRoleInput!) {
    setGroupRole(input: $input) {
      membership {
        role
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const AddPeopleMutation = graphql(`
  mutation ConsoleAddPeople($input: GroupMembersInput!) {
    addGroupMembers(input: $input) {
      rows {
        memberId
        error {
          message
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

export const TakePeopleOutMutation = graphql(`
  mutation ConsoleTakePeopleOut($input: GroupMembersInput!) {
    removeGroupMembers(input: $input) {
      rows {
        memberId
        error {
          message
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
