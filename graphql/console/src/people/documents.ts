import { graphql } from "../api/graphql";

/** People by name alone: what others' access logs hold is not asked. */
export const PeopleToChooseQuery = graphql(`
  query PeopleToChoose($text: String!) {
    members(first: 8, where: { search: $text }, orderBy: NAME) {
      edges {
        node {
          id
          displayName
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
