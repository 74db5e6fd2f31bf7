import { ShellFields } from "../../../api/documents";
import { graphql } from "../../../api/graphql";

export const ObligationsQuery = graphql(
  `
    query ObligationList(
      $shell: Boolean!
      $first: Int!
      $after: String
      $installation: ID
      $states: [ObligationState!]
      $ofInstallation: Boolean!
      $installationKey: ID!
    ) {
      ...ShellFields @include(if: $shell)
      overview {
        obligations {
          state
          count
          late
          dueAt
          oldestAt
          ages {
            day
            week
            month
            older
          }
        }
      }
      obligations(first: $first, after: $after, installationId: $installation, states: $states) {
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
            installation {
              id
              name
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
      installation: node(id: $installationKey) @include(if: $ofInstallation) {
        ... on Installation {
          id
          name
        }
      }
    }
  `,
  [ShellFields],
);

/** How one obligation was proven, asked when a person opens it. */
export const ObligationQuery = graphql(`
  query ObligationDetail($id: ID!) {
    node(id: $id) {
      ... on Obligation {
        id
        verb
        state
        submittedAt
        dueAt
        nextAt
        endedAt
        attempt
        failures
        recipient
        outcome {
          detail
          recordsAffected
          retained {
            category
            reason
            until
          }
        }
        proof {
          level
          basis
          checkedAt
          method
          evidenceSha256
          residual
          evidence {
            exchanges {
              at
              method
              status
              error
              namesSubject
            }
            earlier {
              at
              method
              status
              error
              namesSubject
            }
          }
        }
        member {
          id
          displayName
        }
        task {
          id
          instructions
          state
        }
      }
    }
  }
`);
