import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";
import { ReceivedFields } from "../../components/received/documents";

export const MemberQuery = graphql(
  `
    query MemberPage($shell: Boolean!, $id: ID!) {
      ...ShellFields @include(if: $shell)
      viewer {
        member {
          id
          roles {
            role
          }
        }
      }
      member(id: $id) {
        id
        visibility
        createdAt
        displayName
        title
        firstName
        lastName
        jobTitle
        company
        username
        email
        phone
        pictureUrl
        postalAddress
        state
        joinedAt
        lastSeenAt
        leftAt
        roles {
          role
          since
          grantedBy {
            id
            displayName
          }
        }
        memberships(first: 50) {
          edges {
            node {
              role
              joinedAt
              isByRule
              group {
                id
                name
                managedBy
              }
            }
          }
          pageInfo {
            hasNextPage
          }
        }
        gracePeriod {
          memberId
          cause
          state
          endsAt
        }
        directoryUser {
          userName
          employeeNumber
          department
          division
          costCenter
          organization
          manager
          changedAt
        }
      }
    }
  `,
  [ShellFields],
);

export const MemberHoldingsQuery = graphql(
  `
    query MemberHoldings($id: ID!) {
      member(id: $id) {
        id
        holdings(first: 100) {
          edges {
            node {
              since
              recipient
              state
              installation {
                id
                name
              }
            }
          }
          pageInfo {
            hasNextPage
          }
        }
        receivedData(first: 100) {
          ...ReceivedFields
        }
        restrictions {
          id
          createdAt
          cause
          category
          state
          liftAt
          liftedAt
          liftedReason
          requestId
        }
      }
    }
  `,
  [ReceivedFields],
);

export const MemberActivityQuery = graphql(`
  query MemberActivity($id: ID!, $after: String) {
    auditLog(first: 50, after: $after, where: { targetId: $id }) {
      edges {
        node {
          id
          at
          action
          actorKind
          outcome
          actor {
            id
            displayName
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const MemberLooksQuery = graphql(`
  query MemberLooks($id: ID!) {
    member(id: $id) {
      id
      looks(by: WEEK) {
        beginsAt
        count
        categories
        actorKind
        actor {
          id
          displayName
        }
      }
    }
  }
`);
