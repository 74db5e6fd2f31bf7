import { graphql } from "../../../api/graphql";
import { PreviewFields, RightFields } from "../documents";

export const AcknowledgeMutation = graphql(`
  mutation Acknowledge($input: RequestInput!) {
    acknowledgeRequest(input: $input) {
      request {
        id
        acknowledgedAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ExtendMutation = graphql(`
  mutation ExtendRequest($input: ExtendRequestInput!) {
    extendRequest(input: $input) {
      request {
        id
        dueAt
        extendedAt
        extensionReason
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const HandOverMutation = graphql(`
  mutation HandOverRequest($input: ReasonedRequestInput!) {
    escalateRequest(input: $input) {
      request {
        id
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

export const ApproveMutation = graphql(
  `
    mutation ApproveRight($input: ApproveRightInput!) {
      approveRight(input: $input) {
        right {
          ...RightFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [RightFields],
);

export const RefuseMutation = graphql(
  `
    mutation RefuseRight($input: RefuseRightInput!) {
      refuseRight(input: $input) {
        right {
          ...RightFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [RightFields],
);

export const DenyMutation = graphql(
  `
    mutation DenyRight($input: RefuseRightInput!) {
      denyRight(input: $input) {
        right {
          ...RightFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [RightFields],
);

export const PreviewMutation = graphql(
  `
    mutation PreviewErasure($input: RightInput!) {
      previewErasure(input: $input) {
        preview {
          ...PreviewFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [PreviewFields],
);

export const CommitMutation = graphql(
  `
    mutation CommitErasure($input: CommitErasureInput!) {
      commitErasure(input: $input) {
        right {
          ...RightFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [RightFields],
);

export const CallOffMutation = graphql(
  `
    mutation CallOffErasure($input: CancelErasureInput!) {
      cancelErasure(input: $input) {
        right {
          ...RightFields
        }
        errors {
          code
          message
          path
        }
      }
    }
  `,
  [RightFields],
);
