import { graphql } from "../../api/graphql";

export const ObjectMutation = graphql(`
  mutation ObjectTo($input: ObjectInput!) {
    object(input: $input) {
      objection {
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

export const WithdrawObjectionMutation = graphql(`
  mutation TakeObjectionBack($input: WithdrawObjectionInput!) {
    withdrawObjection(input: $input) {
      objection {
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

export const WithdrawConsentMutation = graphql(`
  mutation EndConsent($input: WithdrawConsentInput!) {
    withdrawConsent(input: $input) {
      consent {
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

export const GiveConsentMutation = graphql(`
  mutation Consent($input: GiveConsentInput!) {
    giveConsent(input: $input) {
      consent {
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
