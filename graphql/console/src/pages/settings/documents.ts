import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const SettingsQuery = graphql(
  `
    query OrganisationSettings($shell: Boolean!, $first: Int!, $after: String, $mergers: Boolean!) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        slug
        name
        createdAt
        state
        stateReason
        stateUntil
        settings {
          membersMayInstall
          forbiddenCountries
          grievanceContact
          legalEntity
          dpdpDays
        }
        ownershipTransfer {
          id
          createdAt
          expiresAt
          state
          fromMember {
            id
            displayName
          }
          toMember {
            id
            displayName
          }
        }
      }
      mergers(first: $first, after: $after) @include(if: $mergers) {
        edges {
          node {
            id
            createdAt
            sourceSlug
            sourceName
            targetSlug
            targetName
            state
            stateSince
            stateUntil
            waitsFor
            preview {
              digest
              figures {
                name
                count
              }
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

export const RenameMutation = graphql(`
  mutation ConsoleRenameOrganisation($input: RenameOrganisationInput!) {
    renameOrganisation(input: $input) {
      organisation {
        id
        name
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const UpdateSettingsMutation = graphql(`
  mutation ConsoleUpdateOrganisationSettings($input: UpdateOrganisationSettingsInput!) {
    updateOrganisationSettings(input: $input) {
      organisation {
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

export const OfferOwnershipMutation = graphql(`
  mutation ConsoleOfferOwnership($input: OfferOwnershipInput!) {
    offerOwnership(input: $input) {
      transfer {
        id
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

export const AcceptOwnershipMutation = graphql(`
  mutation ConsoleAcceptOwnership($input: OwnershipOfferInput!) {
    acceptOwnership(input: $input) {
      transfer {
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

export const DeclineOwnershipMutation = graphql(`
  mutation ConsoleDeclineOwnership($input: OwnershipOfferInput!) {
    declineOwnership(input: $input) {
      transfer {
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

export const CancelOwnershipMutation = graphql(`
  mutation ConsoleCancelOwnershipOffer($input: OwnershipOfferInput!) {
    cancelOwnershipOffer(input: $input) {
      transfer {
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

export const CloseMutation = graphql(`
  mutation ConsoleCloseMyOrganisation($input: CloseMyOrganisationInput!) {
    closeMyOrganisation(input: $input) {
      organisation {
        id
        state
        stateUntil
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ReopenMutation = graphql(`
  mutation ConsoleReopenMyOrganisation($input: ReopenMyOrganisationInput!) {
    reopenMyOrganisation(input: $input) {
      organisation {
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

export const OfferMergerMutation = graphql(`
  mutation ConsoleOfferMerger($input: OfferMergerInput!) {
    offerMerger(input: $input) {
      merger {
        id
        stateUntil
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const AcceptMergerMutation = graphql(`
  mutation ConsoleAcceptMerger($input: AcceptMergerInput!) {
    acceptMerger(input: $input) {
      merger {
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

export const DeclineMergerMutation = graphql(`
  mutation ConsoleDeclineMerger($input: MergerInput!) {
    declineMerger(input: $input) {
      merger {
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

export const WithdrawMergerMutation = graphql(`
  mutation ConsoleWithdrawMerger($input: MergerInput!) {
    withdrawMerger(input: $input) {
      merger {
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
