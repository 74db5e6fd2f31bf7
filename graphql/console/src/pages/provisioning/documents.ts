import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const ProvisioningQuery = graphql(
  `
    query Provisioning($shell: Boolean!, $first: Int!, $after: String, $tokens: Boolean!, $refused: Boolean!, $groups: Boolean!) {
      ...ShellFields @include(if: $shell)
      provisioningTokens(first: $first, after: $after) @include(if: $tokens) {
        edges {
          node {
            id
            createdAt
            name
            expiresAt
            lastUsedAt
            revokedAt
            createdBy {
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
      provisioningFailures(first: $first, after: $after) @include(if: $refused) {
        edges {
          cursor
          node {
            operation
            resource
            subject
            code
            message
            lastAt
            firstAt
            times
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      groups(first: $first, after: $after) @include(if: $groups) {
        edges {
          node {
            id
            name
            managedBy
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

export const CreateTokenMutation = graphql(`
  mutation ConsoleCreateProvisioningToken($input: CreateProvisioningTokenInput!) {
    createProvisioningToken(input: $input) {
      text
      token {
        id
        name
        expiresAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RevokeTokenMutation = graphql(`
  mutation ConsoleRevokeProvisioningToken($input: ProvisioningTokenInput!) {
    revokeProvisioningToken(input: $input) {
      token {
        id
        revokedAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const HandGroupMutation = graphql(`
  mutation ConsoleHandGroupToDirectory($input: GroupInput!) {
    handGroupToDirectory(input: $input) {
      group {
        id
        managedBy
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const TakeGroupMutation = graphql(`
  mutation ConsoleTakeGroupFromDirectory($input: GroupInput!) {
    takeGroupFromDirectory(input: $input) {
      group {
        id
        managedBy
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
