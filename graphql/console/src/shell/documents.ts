import { graphql } from "../api/graphql";

/** Members by name alone: what others' access logs hold is not asked. */
export const PalettePeopleQuery = graphql(`
  query PalettePeople($text: String!) {
    members(first: 8, where: { search: $text }, orderBy: NAME) {
      edges {
        node {
          id
          displayName
        }
      }
    }
  }
`);

export const UpdatePreferencesMutation = graphql(`
  mutation ConsoleUpdatePreferences($input: UpdateMyPreferencesInput!) {
    updateMyPreferences(input: $input) {
      preferences {
        language
        theme
        hasLetterKeys
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

/** What a pasted id stands for. */
export const PaletteNodeQuery = graphql(`
  query PaletteNode($id: ID!) {
    node(id: $id) {
      __typename
      id
    }
  }
`);

export const NoticesQuery = graphql(`
  query Notices {
    viewer {
      unreadNotices
      notices(first: 20) {
        edges {
          node {
            id
            createdAt
            title
            body
            url
            readAt
            isUrgent
            organisationSlug
          }
        }
      }
    }
  }
`);

export const MarkNoticesReadMutation = graphql(`
  mutation ConsoleMarkNoticesRead($input: MarkNoticesReadInput!) {
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

export const NoticeNewsSubscription = graphql(`
  subscription NoticeNews {
    noticeAdded {
      unread
    }
  }
`);
