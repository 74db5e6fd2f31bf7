import { ShellFields } from "../../../api/documents";
import { graphql } from "../../../api/graphql";
import { RemoteFields } from "../remote/documents";

export const DevelopersQuery = graphql(
  `
    query Developers($shell: Boolean!, $clients: Boolean!, $remotes: Boolean!, $deliveries: Boolean!, $first: Int!, $after: String, $states: [ObligationState!]) {
      ...ShellFields @include(if: $shell)
      vendorClients(first: $first, after: $after) @include(if: $clients) {
        edges {
          node {
            id
            clientId
            createdAt
            name
            integrationKey
            isConfidential
            redirectUris
            organisations
            state
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      remoteIntegrations(first: $first, after: $after) @include(if: $remotes) {
        edges {
          node {
            ...RemoteFields
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      vendorDeliveries(first: $first, after: $after, states: $states) @include(if: $deliveries) {
        edges {
          node {
            id
            obligationId
            installationId
            integrationKey
            verb
            state
            attempt
            failures
            dueAt
            nextAt
            triedAt
            endedAt
            status
            code
            detail
            attempts {
              number
              at
              status
              code
              httpStatus
              nextAt
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

export const CheckManifestQuery = graphql(`
  query CheckManifest($document: String!, $against: String) {
    checkManifest(document: $document, against: $against) {
      name
      version
      faults {
        where
        what
      }
      warnings {
        where
        what
      }
      earlierFaults {
        where
        what
      }
      declaration {
        digest
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
      differences {
        kind
        effect
        what
        before
        after
        sentence
        message
      }
    }
  }
`);

export const RequestClientMutation = graphql(`
  mutation RequestVendorClient($input: RequestVendorClientInput!) {
    requestVendorClient(input: $input) {
      client {
        id
        clientId
      }
      secret
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RotateClientSecretMutation = graphql(`
  mutation RotateVendorClientSecret($input: RotateVendorClientSecretInput!) {
    rotateVendorClientSecret(input: $input) {
      client {
        id
        clientId
      }
      secret
      errors {
        code
        message
        path
      }
    }
  }
`);

export const EndClientMutation = graphql(`
  mutation EndVendorClient($input: VendorClientInput!) {
    endVendorClient(input: $input) {
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

export const RegisterRemoteMutation = graphql(`
  mutation RegisterRemoteIntegration($input: RegisterRemoteIntegrationInput!) {
    registerRemoteIntegration(input: $input) {
      remoteIntegration {
        id
        url
      }
      secret
      errors {
        code
        message
        path
      }
    }
  }
`);

export const CheckRemoteMutation = graphql(`
  mutation CheckRemoteIntegration($input: RemoteIntegrationInput!) {
    checkRemoteIntegration(input: $input) {
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

export const RotateRemoteSecretMutation = graphql(`
  mutation RotateRemoteIntegrationSecret($input: RotateRemoteIntegrationSecretInput!) {
    rotateRemoteIntegrationSecret(input: $input) {
      remoteIntegration {
        id
      }
      secret
      errors {
        code
        message
        path
      }
    }
  }
`);
