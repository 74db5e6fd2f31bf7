import { graphql } from "../../../api/graphql";

export const RetryMutation = graphql(`
  mutation RetryDelivery($input: RetryDeliveryInput!) {
    retryDelivery(input: $input) {
      obligation {
        id
        state
        nextAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
