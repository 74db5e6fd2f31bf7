import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const OwnAccount = graphql(`
  fragment OwnAccount on Account {
    id
    timeZone
    residenceCountry
    recoveryCodesLeft
    hasAuthenticator
    addresses {
      id
      address
      isPrimary
      verifiedAt
      expiresAt
    }
    passkeys {
      id
      name
      createdAt
      lastUsedAt
      isBackedUp
    }
    identities {
      id
      provider
      usedAt
    }
    recovery {
      id
      createdAt
      state
      actsAt
    }
  }
`);

export const SecurityQuery = graphql(
  `
    query MySecurity($shell: Boolean!) {
      ...ShellFields @include(if: $shell)
      viewer {
        member {
          id
          email
          state
        }
        account {
          ...OwnAccount
        }
      }
    }
  `,
  [ShellFields, OwnAccount],
);

export const ActivityQuery = graphql(`
  query MyAccountActivity($after: String) {
    viewer {
      account {
        id
        activity(first: 50, after: $after) {
          edges {
            node {
              at
              text
              method
              organisationName
              network
              userAgent
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

export const AddAddressMutation = graphql(
  `
    mutation AddAddressOfMine($input: AddMyAddressInput!) {
      addMyAddress(input: $input) {
        account {
          ...OwnAccount
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [OwnAccount],
);

export const PrimaryMutation = graphql(
  `
    mutation MakePrimary($input: MyAddressInput!) {
      makeMyAddressPrimary(input: $input) {
        account {
          ...OwnAccount
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [OwnAccount],
);

export const RemoveAddressMutation = graphql(
  `
    mutation RemoveAddressOfMine($input: MyAddressInput!) {
      removeMyAddress(input: $input) {
        account {
          ...OwnAccount
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [OwnAccount],
);

export const ContactAddressMutation = graphql(`
  mutation BeKnownBy($input: ChooseContactAddressInput!) {
    chooseContactAddress(input: $input) {
      member {
        id
        email
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RenamePasskeyMutation = graphql(
  `
    mutation RenamePasskeyOfMine($input: RenameMyPasskeyInput!) {
      renameMyPasskey(input: $input) {
        account {
          ...OwnAccount
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [OwnAccount],
);

export const RemovePasskeyMutation = graphql(
  `
    mutation RemovePasskeyOfMine($input: MyPasskeyInput!) {
      removeMyPasskey(input: $input) {
        account {
          ...OwnAccount
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [OwnAccount],
);

export const UnlinkMutation = graphql(
  `
    mutation UnlinkProviderOfMine($input: MyIdentityInput!) {
      unlinkMyIdentity(input: $input) {
        account {
          ...OwnAccount
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [OwnAccount],
);

export const CancelRecoveryMutation = graphql(
  `
    mutation CallRecoveryOff($input: AccountRecoveryInput!) {
      cancelMyAccountRecovery(input: $input) {
        account {
          ...OwnAccount
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [OwnAccount],
);

export const UpdateAccountMutation = graphql(
  `
    mutation ChangeMyAccount($input: UpdateMyAccountInput!) {
      updateMyAccount(input: $input) {
        account {
          ...OwnAccount
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [OwnAccount],
);
