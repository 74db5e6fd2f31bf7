import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

/** Numbers, dates and names: nothing of it is written into an access log. */
export const HomeQuery = graphql(
  `
    query Home($shell: Boolean!) {
      ...ShellFields @include(if: $shell)
      organisation {
        id
        name
        state
        stateUntil
        ownershipTransfer {
          id
          expiresAt
          toMember {
            id
          }
        }
      }
      overview {
        waiting {
          kind
          count
          late
          dueAt
        }
        obligations {
          state
          count
          late
          dueAt
        }
        setUp {
          step
          isDone
        }
      }
      requests(first: 50, isOpen: true, orderBy: DUE) {
        edges {
          node {
            id
            dueAt
            lateSince
            endedAt
            acknowledgedAt
            acknowledgeBy
            decideBy
            identity
            handler
            rights {
              id
              kind
              state
              scheduledFor
            }
            member {
              id
              displayName
            }
          }
        }
      }
      manualTasks(first: 50, states: [OPEN]) {
        edges {
          node {
            id
            dueAt
            obligation {
              id
              recipient
            }
          }
        }
      }
    }
  `,
  [ShellFields],
);
