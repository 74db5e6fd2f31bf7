import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const ChoicesQuery = graphql(
  `
    query MyChoices($shell: Boolean!, $isMember: Boolean!) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        name
      }
      myRecipients(first: 50) @include(if: $isMember) {
        edges {
          node {
            installationId
            integration
            isConnected
            uses {
              category
              purpose
              fields
              legalBasis
              isShared
            }
          }
        }
      }
      myConsents @include(if: $isMember) {
        id
        purpose
        category
        withdrawnAt
        recipient {
          installationId
          integration
        }
        withdrawnFor {
          recipient {
            installationId
          }
        }
      }
      myObjections @include(if: $isMember) {
        id
        createdAt
        purpose
        withdrawnAt
        recipient {
          installationId
          integration
        }
      }
    }
  `,
  [ShellFields],
);

export const MailQuery = graphql(`
  query MailChoices {
    viewer {
      noticeChoice {
        pace
        turnedOff
      }
    }
    noticeKinds {
      name
      when
      canBeTurnedOff
    }
  }
`);

export const ChooseMailMutation = graphql(`
  mutation ChooseMail($input: ChooseNoticesInput!) {
    chooseNotices(input: $input) {
      choice {
        pace
        turnedOff
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const GroupsQuery = graphql(`
  query MyGroups {
    viewer {
      member {
        id
        memberships(first: 50) {
          edges {
            node {
              role
              joinedAt
              isByRule
              group {
                id
                name
                contactVisibility
                managedBy
              }
            }
          }
        }
      }
    }
  }
`);

export const LeaveGroupMutation = graphql(`
  mutation LeaveMyGroup($input: GroupMemberInput!) {
    removeGroupMember(input: $input) {
      membership {
        leftAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const LeavingQuery = graphql(`
  query Leaving {
    viewer {
      member {
        id
        state
      }
      account {
        id
        closesAt
        addresses {
          id
          address
          isPrimary
          verifiedAt
        }
        claims {
          id
          organisationName
          domain
          state
          decideUntil
          managedAt
          earlierSharedAt
        }
        madeMemberships {
          id
          createdAt
          organisationName
          address
          isJoined
        }
      }
    }
  }
`);

export const StayMutation = graphql(`
  mutation StayThere($input: MyAccountClaimInput!) {
    stayWithAccountClaim(input: $input) {
      claim {
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

export const MoveAwayMutation = graphql(`
  mutation MoveMyAccountAway($input: MoveAwayInput!) {
    moveAwayFromAccountClaim(input: $input) {
      claim {
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

export const CloseInsteadMutation = graphql(`
  mutation CloseMyAccountInstead($input: CloseInsteadInput!) {
    closeAccountInstead(input: $input) {
      claim {
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

export const ShareEarlierMutation = graphql(`
  mutation ShareWhatWasEarlier($input: ShareEarlierActivityInput!) {
    shareEarlierActivity(input: $input) {
      claim {
        id
        earlierSharedAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const CloseAccountMutation = graphql(`
  mutation CloseAccountOfMine($input: CloseMyAccountInput!) {
    closeMyAccount(input: $input) {
      account {
        id
        closesAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const DisownMutation = graphql(`
  mutation DisownIt($input: DisownMembershipInput!) {
    disownMembership(input: $input) {
      errors {
        code
        message
        path
      }
    }
  }
`);
