import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const NoticesPageQuery = graphql(
  `
    query NoticesPage($shell: Boolean!, $first: Int!, $after: String, $unread: Boolean!, $told: Boolean!, $choices: Boolean!) {
      ...ShellFields @include(if: $shell)
      viewer {
        unreadNotices
        notices(first: $first, after: $after, isUnread: $unread) @include(if: $told) {
          edges {
            node {
              id
              kind
              createdAt
              title
              body
              isUrgent
              readAt
              url
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
        noticeChoice @include(if: $choices) {
          pace
          turnedOff
        }
      }
      noticeKinds @include(if: $choices) {
        name
        when
        canBeTurnedOff
      }
    }
  `,
  [ShellFields],
);

export const ReadNoticesMutation = graphql(`
  mutation ReadNotices($input: MarkNoticesReadInput!) {
    markNoticesRead(input: $input) {
      unread
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ChooseNoticesMutation = graphql(`
  mutation ConsoleChooseNotices($input: ChooseNoticesInput!) {
    chooseNotices(input: $input) {
      choice {
        pace
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
