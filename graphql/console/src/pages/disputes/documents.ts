import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const DisputeFields = graphql(`
  fragment DisputeFields on DomainDispute {
    id
    displayName
    stateSince
    stateUntil
    examinedUntil
  }
`);

export const DisputesQuery = graphql(
  `
    query Disputes($shell: Boolean!, $first: Int!, $after: String) {
      ...ShellFields @include(if: $shell)
      domainDisputes(first: $first, after: $after) {
        edges {
          node {
            ...DisputeFields
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [ShellFields, DisputeFields],
);

export const ExamineMutation = graphql(
  `
    mutation ExamineDispute($input: ExamineDomainDisputeInput!) {
      examineDomainDispute(input: $input) {
        dispute {
          ...DisputeFields
        }
        sides {
          organisation
          organisationName
          isHolder
          heldName
          provenAt
          checkedAt
          evidence {
            createdAt
            text
          }
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [DisputeFields],
);

export const DecideDisputeMutation = graphql(
  `
    mutation DecideDispute($input: DecideDomainDisputeInput!) {
      decideDomainDispute(input: $input) {
        dispute {
          ...DisputeFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [DisputeFields],
);
