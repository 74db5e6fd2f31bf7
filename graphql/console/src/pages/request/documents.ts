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
