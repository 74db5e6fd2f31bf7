import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const AskingQuery = graphql(
  `
    query Asking($shell: Boolean!, $country: String, $work: String!) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        name
      }
      requestTerms(country: $country, workCountry: $work) {
        country
        regime
        dueAt
        complainTo {
          name
          website
        }
      }
    }
  `,
  [ShellFields],
);

export const SubmitMutation = graphql(`
  mutation Ask($input: SubmitRequestInput!) {
    submitRequest(input: $input) {
      reference
      request {
        id
        dueAt
        identity
        handler
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
