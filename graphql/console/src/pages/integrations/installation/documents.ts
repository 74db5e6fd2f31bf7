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
          countries
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
          }
          pendingDeclaration {
            declaration {
              digest
              sections {
                title
                lines
              }
            }
            differences {
              kind
              what
              before
              after
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
