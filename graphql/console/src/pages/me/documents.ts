import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";
import { ReceivedFields } from "../../components/received/documents";

export const MyDataQuery = graphql(
  `
    query MyData($shell: Boolean!) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        name
      }
      myRecipients(first: 50) {
        edges {
          node {
            installationId
            integration
            recipient
            legalName
            privacyContact
            countries
            connectedFor
            isConnected
            endedAt
            endProof
            holding
            heldSince
            received {
              name
              firstAt
              lastAt
              times
            }
            uses {
              category
              categoryLabel
              purpose
              purposeLabel
              fields
              legalBasis
              isShared
            }
          }
        }
        pageInfo {
          hasNextPage
        }
      }
      myConsents {
        id
        purpose
        category
        withdrawnAt
        recipient {
          installationId
        }
        withdrawnFor {
          recipient {
            installationId
          }
        }
      }
      myObjections {
        id
        createdAt
        purpose
        withdrawnAt
        recipient {
          installationId
        }
      }
    }
  `,
  [ShellFields],
);

export const HeldQuery = graphql(
  `
    query HeldOnMe {
      heldCategories {
        category
        label
        isSpecial
        controller
        sources
      }
      viewer {
        member {
          id
          displayName
          title
          firstName
          lastName
          jobTitle
          company
          username
          email
          phone
          postalAddress
          pictureUrl
          joinedAt
          state
          receivedData(first: 100) {
            ...ReceivedFields
          }
        }
      }
    }
  `,
  [ReceivedFields],
);

export const LooksQuery = graphql(`
  query LooksAtMe($after: String) {
    viewer {
      looks(by: WEEK) {
        beginsAt
        count
        categories
        actorKind
        actor {
          id
          displayName
        }
      }
      dataAccesses(first: 50, after: $after) {
        edges {
          node {
            at
            actorKind
            categories
            actor {
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

export const ContentQuery = graphql(`
  query ContentOfMine($text: String!, $after: String) {
    viewer {
      member {
        id
      }
      content(first: 20, after: $after, text: $text) {
        edges {
          node {
            id
            createdAt
            text
            author {
              id
              displayName
            }
            group {
              id
              name
            }
            files {
              id
              name
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
    deletedPosts(first: 50) {
      edges {
        node {
          id
          text
          deletedAt
          deletionReason
          author {
            id
          }
        }
      }
    }
    deletedFiles(first: 50) {
      edges {
        node {
          id
          name
          deletedAt
          deletionReason
        }
      }
    }
  }
`);

export const UpdateProfileMutation = graphql(`
  mutation ChangeMyProfile($input: UpdateMyProfileInput!) {
    updateMyProfile(input: $input) {
      member {
        id
        displayName
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const DeletePostMutation = graphql(`
  mutation DeleteMyPost($input: DeletePostInput!) {
    deletePost(input: $input) {
      deletedPostId
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RestorePostMutation = graphql(`
  mutation RestoreMyPost($input: RestorePostInput!) {
    restorePost(input: $input) {
      post {
        id
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RestoreFileMutation = graphql(`
  mutation RestoreMyFile($input: RestoreFileInput!) {
    restoreFile(input: $input) {
      file {
        id
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const DeleteFileMutation = graphql(`
  mutation DeleteMyFile($input: DeleteFileInput!) {
    deleteFile(input: $input) {
      errors {
        code
        message
        path
      }
    }
  }
`);
