import { graphql } from "../../api/graphql";

export const SendCodeMutation = graphql(`
  mutation SendMeACode($input: RequestInput!) {
    sendRequestCode(input: $input) {
      request {
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

export const VerifyMutation = graphql(`
  mutation ProveMyRequest($input: VerifyRequestIdentityInput!) {
    verifyRequestIdentity(input: $input) {
      isVerified
      attemptsLeft
      request {
        id
        identity
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
