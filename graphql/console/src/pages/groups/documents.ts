import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const GroupsQuery = graphql(
  `
    query GroupList($shell: Boolean!, $first: Int!, $after: String, $namePrefix: String, $isArchived: Boolean!) {
      ...ShellFields @include(if: $shell)
      viewer {
        member {
          id
          memberships(first: 100) {
            edges {
              node {
                role
                group {
                  id
                }
              }
            }
          }
        }
      }
      groups(first: $first, after: $after, namePrefix: $namePrefix, isArchived: $isArchived) {
        edges {
          node {
            id
            createdAt
            name
            description
            kind
            managedBy
            contactVisibility
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

export const GroupQuery = graphql(
  `
    query GroupPage($shell: Boolean!, $id: ID!, $first: Int!, $after: String, $isPresent: Boolean!) {
      ...ShellFields @include(if: $shell)
      viewer {
        member {
          id
          memberships(first: 100) {
            edges {
              node {
                role
                group {
                  id
                }
              }
            }
          }
        }
      }
      group(id: $id) {
        id
        createdAt
        name
        description
        kind
        managedBy
        contactVisibility
        archivedAt
        rule {
          createdAt
          isResting
          missingDomains
          restsSince
          conditions {
            attribute
            values
          }
        }
        memberships(first: $first, after: $after, isPresent: $isPresent) {
          edges {
            node {
              role
              joinedAt
              leftAt
              isByRule
              member {
                id
                displayName
                email
              }
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `,
  [ShellFields],
);

export const GroupPostsQuery = graphql(`
  query GroupPosts($id: ID!, $after: String) {
    group(id: $id) {
      id
      posts(first: 20, after: $after) {
        edges {
          node {
            id
            createdAt
            editedAt
            text
            author {
              id
              displayName
            }
            files {
              id
              name
              url
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export const GroupFilesQuery = graphql(`
  query GroupFiles($id: ID!, $after: String) {
    group(id: $id) {
      id
      files(first: 50, after: $after) {
        edges {
          node {
            id
            createdAt
            name
            mediaType
            sizeBytes
            url
            uploader {
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
    }
  }
`);

export const CreateGroupMutation = graphql(`
  mutation ConsoleCreateGroup($input: CreateGroupInput!) {
    createGroup(input: $input) {
      group {
        id
        name
        description
        archivedAt
        contactVisibility
        managedBy
        rule {
          createdAt
          isResting
          missingDomains
          restsSince
          conditions {
            attribute
            values
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const DescribeGroupMutation = graphql(`
  mutation ConsoleDescribeGroup($input: DescribeGroupInput!) {
    describeGroup(input: $input) {
      group {
        id
        name
        description
        archivedAt
        contactVisibility
        managedBy
        rule {
          createdAt
          isResting
          missingDomains
          restsSince
          conditions {
            attribute
            values
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ArchiveGroupMutation = graphql(`
  mutation ConsoleArchiveGroup($input: GroupInput!) {
    archiveGroup(input: $input) {
      group {
        id
        name
        description
        archivedAt
        contactVisibility
        managedBy
        rule {
          createdAt
          isResting
          missingDomains
          restsSince
          conditions {
            attribute
            values
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RestoreGroupMutation = graphql(`
  mutation ConsoleRestoreGroup($input: RestoreGroupInput!) {
    restoreGroup(input: $input) {
      group {
        id
        name
        description
        archivedAt
        contactVisibility
        managedBy
        rule {
          createdAt
          isResting
          missingDomains
          restsSince
          conditions {
            attribute
            values
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const HandToDirectoryMutation = graphql(`
  mutation GroupPageHandToDirectory($input: GroupInput!) {
    handGroupToDirectory(input: $input) {
      group {
        id
        name
        description
        archivedAt
        contactVisibility
        managedBy
        rule {
          createdAt
          isResting
          missingDomains
          restsSince
          conditions {
            attribute
            values
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const TakeFromDirectoryMutation = graphql(`
  mutation GroupPageTakeFromDirectory($input: GroupInput!) {
    takeGroupFromDirectory(input: $input) {
      group {
        id
        name
        description
        archivedAt
        contactVisibility
        managedBy
        rule {
          createdAt
          isResting
          missingDomains
          restsSince
          conditions {
            attribute
            values
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const SetVisibilityMutation = graphql(`
  mutation ConsoleSetContactVisibility($input: SetContactVisibilityInput!) {
    setContactVisibility(input: $input) {
      group {
        id
        name
        description
        archivedAt
        contactVisibility
        managedBy
        rule {
          createdAt
          isResting
          missingDomains
          restsSince
          conditions {
            attribute
            values
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
