import { graphql } from "./graphql";

/** What the shell shows of whoever is signed in: every page's first document brings it along. */
export const ShellFields = graphql(`
  fragment ShellFields on Query {
    viewer {
      permissions
      isPrivacyTeam
      staffRoles
      unreadNotices
      member {
        id
        displayName
      }
      organisation {
        id
        slug
        name
      }
    }
  }
`);

export const ShellQuery = graphql(
  `
    query Shell {
      ...ShellFields
    }
  `,
  [ShellFields],
);
