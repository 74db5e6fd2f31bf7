import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const HomeQuery = graphql(
  `
    query Home($shell: Boolean!) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        name
      }
    }
  `,
  [ShellFields],
);
