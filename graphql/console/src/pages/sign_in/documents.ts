import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const ProvidersQuery = graphql(
  `
    query ProviderList($shell: Boolean!, $first: Int!, $after: String) {
      ...ShellFields @include(if: $shell)
      identityProviders(first: $first, after: $after) {
        edges {
          node {
            id
            name
            state
            stateSince
            issuer
            trouble
            addresses {
              signInUrl
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
  [ShellFields],
);

export const ProviderQuery = graphql(
  `
    query ProviderDetails($shell: Boolean!, $id: ID!) {
      ...ShellFields @include(if: $shell)
      identityProvider(id: $id) {
        id
        name
        state
        stateSince
        issuer
        clientId
        secondStep
        acrValues
        hostedDomain
        admits
        testedAt
        trouble
        troubleSince
        addresses {
          redirectUrl
          backChannelLogoutUrl
          postLogoutRedirectUrl
          signInUrl
          testUrl
        }
      }
    }
  `,
  [ShellFields],
);

export const CreateProviderMutation = graphql(`
  mutation ConsoleCreateIdentityProvider($input: CreateIdentityProviderInput!) {
    createIdentityProvider(input: $input) {
      identityProvider {
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

export const UpdateProviderMutation = graphql(`
  mutation ConsoleUpdateIdentityProvider($input: UpdateIdentityProviderInput!) {
    updateIdentityProvider(input: $input) {
      identityProvider {
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

export const ActivateProviderMutation = graphql(`
  mutation ConsoleActivateIdentityProvider($input: IdentityProviderInput!) {
    activateIdentityProvider(input: $input) {
      identityProvider {
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

export const EnforceProviderMutation = graphql(`
  mutation ConsoleEnforceIdentityProvider($input: IdentityProviderInput!) {
    enforceIdentityProvider(input: $input) {
      identityProvider {
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

export const RelaxProviderMutation = graphql(`
  mutation ConsoleRelaxIdentityProvider($input: IdentityProviderInput!) {
    relaxIdentityProvider(input: $input) {
      identityProvider {
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

export const TurnOffProviderMutation = graphql(`
  mutation ConsoleTurnOffIdentityProvider($input: IdentityProviderInput!) {
    turnOffIdentityProvider(input: $input) {
      identityProvider {
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
