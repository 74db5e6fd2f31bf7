import { ShellFields } from "../../../api/documents";
import { graphql } from "../../../api/graphql";

export const CatalogueQuery = graphql(
  `
    query Catalogue($shell: Boolean!) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        settings {
          membersMayInstall
        }
      }
      availableIntegrations {
        key
        name
        failure
        declaration {
          vendorName
          countries
          receives {
            category
            purpose
            isSpecial
          }
        }
      }
    }
  `,
  [ShellFields],
);

export const InstallQuery = graphql(
  `
    query InstallPage($shell: Boolean!) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        settings {
          membersMayInstall
        }
      }
      availableIntegrations {
        key
        name
        version
        failure
        settings {
          name
          title
          description
          jsonType
          isRequired
          isSecret
          choices
          default
        }
        declaration {
          digest
          headline
          countries
          safeguard
          vendorName
          privacyContact
          sections {
            title
            lines
            titleMessage
            messages
          }
          receives {
            category
            purpose
            fields
            legalBasis
            audience
            retentionDays
            onwardRecipients
            isSpecial
          }
          provides {
            category
            purpose
            fields
            isSpecial
          }
        }
      }
      groups(first: 100) {
        edges {
          node {
            id
            name
          }
        }
      }
    }
  `,
  [ShellFields],
);

export const InstallMutation = graphql(`
  mutation InstallIntegration($input: InstallIntegrationInput!) {
    installIntegration(input: $input) {
      installation {
        id
        name
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
