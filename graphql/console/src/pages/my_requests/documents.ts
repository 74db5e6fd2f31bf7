import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const MyRequestsQuery = graphql(
  `
    query MyRequestList($shell: Boolean!, $first: Int!, $after: String) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        name
      }
      myRequests(first: $first, after: $after) {
        edges {
          node {
            id
            submittedAt
            dueAt
            endedAt
            lateSince
            identity
            rights {
              id
              kind
              state
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
      myGracePeriod {
        memberId
        cause
        state
        endsAt
        canReactivate
        requestId
      }
      myRestrictions {
        id
        cause
        category
        state
        createdAt
        liftAt
        liftedReason
      }
    }
  `,
  [ShellFields],
);

export const OwnRequest = graphql(`
  fragment OwnRequest on DataRequest {
    id
    submittedAt
    dueAt
    originalDueAt
    extendedAt
    extensionReason
    identity
    handler
    acknowledgeBy
    decideBy
    acknowledgedAt
    escalatedAt
    lateSince
    endedAt
    certificate
    complainTo {
      name
      website
    }
    exports {
      name
      path
      createdAt
      isComplete
      expiresAt
      destroyedAt
      downloadedAt
    }
    events {
      at
      kind
      by
      reason
      rightId
    }
    rights {
      id
      kind
      state
      handler
      decisionCode
      decisionReason
      limitation
      limitations {
        reason
        categories
        until
      }
      scheduledFor
      startedAt
      outcome
      endedAt
      recipients {
        recipient
        place
        verb
        state
        dueAt
        endedAt
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
        }
      }
    }
  }
`);

export const MyRequestQuery = graphql(
  `
    query MyRequest($shell: Boolean!, $id: ID!) {
      ...ShellFields @include(if: $shell)
      request(id: $id) {
        ...OwnRequest
        member {
          id
        }
      }
      viewer {
        member {
          id
        }
      }
      organisation {
        id
        name
        settings {
          grievanceContact
        }
      }
      myRestrictions {
        id
        cause
        category
        state
        createdAt
        liftAt
        requestId
      }
    }
  `,
  [ShellFields, OwnRequest],
);

/** What changes while somebody watches. */
export const MyRequestProgress = graphql(
  `
    subscription MyRequestProgress($id: ID!) {
      requestProgress(id: $id) {
        ...OwnRequest
      }
    }
  `,
  [OwnRequest],
);

export const WithdrawMutation = graphql(`
  mutation TakeMyRequestBack($input: WithdrawRequestInput!) {
    withdrawRequest(input: $input) {
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

export const WaiveMutation = graphql(`
  mutation EraseMeNow($input: RightInput!) {
    waiveCoolingOff(input: $input) {
      right {
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

export const LiftMutation = graphql(`
  mutation LiftMine($input: RestrictionInput!) {
    liftMyRestriction(input: $input) {
      restriction {
        id
        state
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ComeBackMutation = graphql(`
  mutation ComeBack($input: MemberInput!) {
    reactivateMyMembership(input: $input) {
      member {
        id
        state
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
