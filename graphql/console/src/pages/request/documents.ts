import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const PreviewFields = graphql(`
  fragment PreviewFields on ErasurePreview {
    digest
    createdAt
    account
    listed
    undecided
    tables {
      table
      rows
      treatment
    }
    categories {
      category
      rows
    }
    content {
      what
      rows
    }
    retained {
      what
      reason
      until
    }
    recipients {
      name
      recipient
      method
      proof
      retentionDays
      action
      isOwn
      limitedCategories
    }
    additions {
      kind
      name
      before
      now
    }
    kept {
      what
      rows
      reasonCode
      until
    }
  }
`);

export const OutcomeFields = graphql(`
  fragment OutcomeFields on RecipientOutcome {
    recipient
    place
    verb
    state
    dueAt
    endedAt
    status
    code
    recordsAffected
    retained {
      category
      reason
      until
    }
    proof {
      level
      basis
      checkedAt
      residual
    }
  }
`);

export const RightFields = graphql(
  `
    fragment RightFields on RequestRight {
      id
      kind
      state
      handler
      details
      decidedAt
      decisionCode
      decisionReason
      limitation
      isLimitationEnforced
      limitations {
        reasonCode
        reason
        categories
        columns
        items
        passages
        until
        keepsAtRecipients
      }
      scheduledFor
      outcome
      endedAt
      decidedBy {
        id
        displayName
      }
      recipients {
        ...OutcomeFields
      }
      remainders {
        id
        named
        reasonCode
        rows
        until
        endedAt
      }
      preview {
        ...PreviewFields
      }
    }
  `,
  [OutcomeFields, PreviewFields],
);

export const RequestFields = graphql(
  `
    fragment RequestFields on DataRequest {
      id
      submittedAt
      regime
      dueAt
      originalDueAt
      extendedAt
      extensionReason
      identity
      identityVerifiedAt
      handler
      acknowledgeBy
      decideBy
      acknowledgedAt
      escalatedAt
      escalationReason
      lateSince
      endedAt
      certificate
      complainTo {
        country
        name
        website
      }
      nextSteps {
        at
        effect
        rightId
      }
      events {
        at
        kind
        by
        reason
        rightId
      }
      member {
        id
        displayName
        restrictions {
          id
          cause
          category
          state
          createdAt
          liftAt
          requestId
        }
      }
      rights {
        ...RightFields
      }
    }
  `,
  [RightFields],
);

export const RequestQuery = graphql(
  `
    query RequestPage($shell: Boolean!, $id: ID!) {
      ...ShellFields @include(if: $shell)
      request(id: $id) {
        ...RequestFields
      }
    }
  `,
  [ShellFields, RequestFields],
);

/** What recipients do, as it happens. */
export const ProgressSubscription = graphql(
  `
    subscription RequestNews($id: ID!) {
      requestProgress(id: $id) {
        ...RequestFields
      }
    }
  `,
  [RequestFields],
);

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

/** A look at what others wrote, which is recorded: asked when somebody opens it. */
export const ReadFindsMutation = graphql(`
  mutation ReadFinds($input: ReadErasureFindsInput!) {
    readErasureFinds(input: $input) {
      finds {
        id
        table
        itemId
        rule
        ruleWords
        isGroup
        count
        before
        found
        after
        treatment
      }
      last
      errors {
        code
        message
        path
      }
    }
  }
`);

export const DecideFindsMutation = graphql(`
  mutation DecideFinds($input: DecideErasureFindsInput!) {
    decideErasureFinds(input: $input) {
      undecided
      errors {
        code
        message
        path
      }
    }
  }
`);

export const EraseRemainderMutation = graphql(`
  mutation EraseRemainder($input: EraseRemainderInput!) {
    eraseRemainder(input: $input) {
      remainder {
        id
        endedAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ReadRemainderMutation = graphql(`
  mutation ReadRemainder($input: RemainderInput!) {
    readRemainder(input: $input) {
      values
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ObjectToRestrictionMutation = graphql(`
  mutation ObjectToRestriction($input: ReasonedRequestInput!) {
    objectToRestriction(input: $input) {
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

export const LiftRestrictionMutation = graphql(`
  mutation LiftRestriction($input: LiftRestrictionInput!) {
    liftRestriction(input: $input) {
      restriction {
        id
        state
        liftAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const KeepRestrictionMutation = graphql(`
  mutation KeepRestriction($input: RestrictionInput!) {
    keepRestriction(input: $input) {
      restriction {
        id
        state
        liftAt
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

/** The categories that a limitation may name. */
export const CategoriesQuery = graphql(`
  query LimitableCategories {
    heldCategories {
      category
    }
  }
`);
