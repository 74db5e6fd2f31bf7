import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const ImportQuery = graphql(
  `
    query ImportPage($shell: Boolean!) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        name
      }
    }
  `,
  [ShellFields],
);
