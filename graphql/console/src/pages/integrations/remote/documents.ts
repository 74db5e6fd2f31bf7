import { graphql } from "../../../api/graphql";

export const RemoteFields = graphql(`
  fragment RemoteFields on RemoteIntegration {
    id
    createdAt
    url
    state
    stateSince
    integrationKey
    name
    version
    vendorName
    endpoint
    fetchedAt
    fault
    faultySince
    use {
      organisations
      installations
      awaiting
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
  }
`);

export const EndRemoteMutation = graphql(`
  mutation EndRemoteIntegration($input: RemoteIntegrationInput!) {
    endRemoteIntegration(input: $input) {
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
