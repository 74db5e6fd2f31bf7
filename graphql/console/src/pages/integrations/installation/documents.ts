import { ShellFields } from "../../../api/documents";
import { graphql } from "../../../api/graphql";

export const InstallationQuery = graphql(
  `
    query InstallationPage(
      $shell: Boolean!
      $id: ID!
      $ledger: Boolean!
      $obligations: Boolean!
      $places: Boolean!
      $deliveries: Boolean!
      $states: [ObligationState!]
      $first: Int!
      $after: String
      $category: String
    ) {
      ...ShellFields @include(if: $shell)
      node(id: $id) {
        ... on Installation {
          id
          integrationKey
          name
          vendorName
          version
          holder
          state
          problem
          createdAt
          removedAt
          certificate
          countries
          inboundUrl
          authorisation {
            state
            since
          }
          health {
            failingSince
            succeededAt
            nextTryAt
          }
          form
          endpoint {
            state
            since
          }
          group {
            id
            name
          }
          member {
            id
            displayName
          }
          installedBy {
            id
            displayName
          }
          reach {
            people
            lastDeliveryAt
          }
          grants {
            id
            category
            purpose
            createdAt
          }
          declaration {
            digest
            vendorName
            countries
            safeguard
            privacyContact
            sections {
              title
              lines
              titleMessage
              messages
            }
            receives {
              category
              purpose
              fields
              legalBasis
              audience
              retentionDays
              onwardRecipients
              isSpecial
            }
            provides {
              category
              purpose
              fields
              isSpecial
            }
          }
          pendingDeclaration {
            declaration {
              digest
              sections {
                title
                lines
                titleMessage
                messages
              }
            }
            differences {
              kind
              effect
              what
              before
              after
              sentence
              message
            }
            alsoDifferent {
              kind
              effect
              what
              before
              after
              sentence
              message
            }
          }
          disclosures(first: $first, after: $after, category: $category) @include(if: $ledger) {
            edges {
              node {
                id
                createdAt
                recipient
                categories
                fields
                purposes
                state
                member {
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
          obligations(first: $first, after: $after) @include(if: $obligations) {
            edges {
              node {
                id
                verb
                state
                dueAt
                endedAt
                recipient
                outcome {
                  detail
                }
                proof {
                  level
                  basis
                }
                member {
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
          vendorGrants {
            id
            clientName
            createdAt
            grantedBy {
              id
              displayName
            }
          }
          deliveries(first: $first, after: $after, states: $states) @include(if: $deliveries) {
            edges {
              node {
                id
                verb
                state
                attempt
                failures
                dueAt
                nextAt
                triedAt
                endedAt
                status
                code
                detail
                attempts {
                  number
                  at
                  status
                  code
                  httpStatus
                  nextAt
                }
                member {
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
          settings @include(if: $places) {
            name
            value
          }
          places @include(if: $places) {
            recipient
            state
            createdAt
            leavingAt
            leftAt
            holding
            owed
          }
        }
      }
      availableIntegrations @include(if: $places) {
        key
        settings {
          name
          title
          description
          jsonType
          isRequired
          isSecret
          choices
          default
        }
      }
    }
  `,
  [ShellFields],
);

export const ProgressSubscription = graphql(`
  subscription InstallationProgressing($id: ID!) {
    installationProgress(id: $id) {
      waiting
      withPeople
      done
      failed
      installation {
        id
        state
        stateReason
        problem
      }
    }
  }
`);

export const GrantMutation = graphql(`
  mutation GrantCategory($input: GrantCategoryInput!) {
    grantCategory(input: $input) {
      grant {
        id
        category
        purpose
        createdAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ApproveMutation = graphql(`
  mutation ApproveDeclaration($input: ApproveDeclarationInput!) {
    approveDeclaration(input: $input) {
      installation {
        id
        state
        problem
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ConnectMutation = graphql(`
  mutation ConnectInstallation($input: InstallationInput!) {
    connectInstallation(input: $input) {
      address
      errors {
        code
        message
        path
      }
    }
  }
`);

export const DisconnectMutation = graphql(`
  mutation DisconnectInstallation($input: InstallationInput!) {
    disconnectInstallation(input: $input) {
      installation {
        id
        state
        authorisation {
          state
          since
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

export const RotateSecretMutation = graphql(`
  mutation RotateSecret($input: RotateSecretInput!) {
    rotateSecret(input: $input) {
      installation {
        id
        state
        problem
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
  mutation UpdateInstallationSettings($input: UpdateInstallationSettingsInput!) {
    updateInstallationSettings(input: $input) {
      installation {
        id
        state
        problem
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const WithdrawVendorGrantMutation = graphql(`
  mutation WithdrawVendorGrant($input: VendorGrantInput!) {
    withdrawVendorGrant(input: $input) {
      grant {
        id
        endedAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
