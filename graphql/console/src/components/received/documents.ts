import { graphql } from "../../api/graphql";

export const ReceivedFields = graphql(`
  fragment ReceivedFields on ReceivedDatumConnection {
    edges {
      node {
        id
        receivedAt
        source
        kind
        name
        value
        purpose
        isAdoptable
      }
    }
    pageInfo {
      hasNextPage
    }
  }
`);

export const AdoptMutation = graphql(`
  mutation AdoptReceivedCorrection($input: ReceivedDatumInput!) {
    adoptReceivedCorrection(input: $input) {
      member {
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

export const DismissMutation = graphql(`
  mutation DismissReceivedDatum($input: ReceivedDatumInput!) {
    dismissReceivedDatum(input: $input) {
      dismissedDatumId
      errors {
        code
        message
        path
      }
    }
  }
`);
