import { ShellFields } from "../../../api/documents";
import { graphql } from "../../../api/graphql";

export const InstallationsQuery = graphql(
  `
    query InstallationList($shell: Boolean!, $first: Int!, $after: String, $withRemoved: Boolean!) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        settings {
          membersMayInstall
        }
      }
      installations(first: $first, after: $after, withRemoved: $withRemoved) {
        edges {
          node {
            id
            name
            vendorName
            holder
            state
            problem
            group {
              id
              name
            }
            member {
              id
              displayName
            }
            countries
            reach {
              people
              lastDeliveryAt
            }
            grants {
              id
              category
              purpose
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
