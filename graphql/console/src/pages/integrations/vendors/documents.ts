import { ShellFields } from "../../../api/documents";
import { graphql } from "../../../api/graphql";
import { RemoteFields } from "../remote/documents";

export const VendorsQuery = graphql(
  `
    query Vendors(
      $shell: Boolean!
      $remotes: Boolean!
      $clients: Boolean!
      $first: Int!
      $after: String
      $remoteStates: [RemoteIntegrationState!]
      $clientStates: [VendorClientState!]
    ) {
      ...ShellFields @include(if: $shell)
      remoteIntegrations(first: $first, after: $after, states: $remoteStates) @include(if: $remotes) {
        edges {
          node {
            ...RemoteFields
            vendor {
              address
              displayName
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      vendorClients(first: $first, after: $after, states: $clientStates) @include(if: $clients) {
        edges {
          node {
            id
            clientId
            createdAt
            name
            integrationKey
            isConfidential
            redirectUris
            state
            organisations
            vendor {
              address
              displayName
            }
            declaration {
              vendorName
              countries
              safeguard
              privacyContact
              sections {
                title
                lines
                titleMessage
                messages
              }
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
  [ShellFields, RemoteFields],
);

export const ApproveRemoteMutation = graphql(`
  mutation ApproveRemoteIntegration($input: ApproveRemoteIntegrationInput!) {
    approveRemoteIntegration(input: $input) {
      remoteIntegration {
        id
        state
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const SuspendRemoteMutation = graphql(`
  mutation SuspendRemoteIntegration($input: RemoteIntegrationInput!) {
    suspendRemoteIntegration(input: $input) {
      remoteIntegration {
        id
        state
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ApproveClientMutation = graphql(`
  mutation ApproveVendorClient($input: VendorClientInput!) {
    approveVendorClient(input: $input) {
      client {
        id
        state
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const SuspendClientMutation = graphql(`
  mutation SuspendVendorClient($input: VendorClientInput!) {
    suspendVendorClient(input: $input) {
      client {
        id
        state
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
