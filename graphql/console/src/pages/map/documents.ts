import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const MapQuery = graphql(
  `
    query DataMap($shell: Boolean!) {
      ...ShellFields @include(if: $shell)
      dataFlows {
        category
        isSpecial
        recipient
        people
        lastAt
        installation {
          id
          name
        }
      }
    }
  `,
  [ShellFields],
);
