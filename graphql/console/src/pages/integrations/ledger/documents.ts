import { ShellFields } from "../../../api/documents";
import { graphql } from "../../../api/graphql";

export const LedgerQuery = graphql(
  `
    query Ledger(
      $shell: Boolean!
      $first: Int!
      $after: String
      $installation: ID
      $member: ID
      $ofInstallation: Boolean!
      $ofMember: Boolean!
      $installationKey: ID!
      $memberKey: ID!
    ) {
      ...ShellFields @include(if: $shell)
      disclosures(first: $first, after: $after, installationId: $installation, memberId: $member) {
        edges {
          node {
            id
            createdAt
            recipient
            categories
            fields
            purposes
            state
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
      member(id: $memberKey) @include(if: $ofMember) {
        id
        displayName
      }
    }
  `,
  [ShellFields],
);

/** The third parties to choose from, asked when the choice opens. */
export const InstallationChoicesQuery = graphql(`
  query InstallationChoices {
    installations(first: 100, withRemoved: true) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`);

/** The people to choose from, by what their names start with: a name alone is no look. */
export const PeopleChoicesQuery = graphql(`
  query LedgerPeople($search: String!) {
    members(first: 8, where: { search: $search }) {
      edges {
        node {
          id
          displayName
        }
      }
    }
  }
`);
