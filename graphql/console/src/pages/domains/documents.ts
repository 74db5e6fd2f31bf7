import { ShellFields } from "../../api/documents";
import { graphql } from "../../api/graphql";

export const DomainsQuery = graphql(
  `
    query DomainList($shell: Boolean!, $first: Int!, $after: String) {
      ...ShellFields @include(if: $shell)
      domains(first: $first, after: $after) {
        edges {
          node {
            id
            name
            displayName
            scope
            state
            stateUntil
            checkAt
            contestedUntil
            policy {
              enrolment
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [ShellFields],
);

export const DomainQuery = graphql(
  `
    query DomainDetails($shell: Boolean!, $id: ID!) {
      ...ShellFields @include(if: $shell)
      domain(id: $id) {
        id
        name
        displayName
        scope
        state
        stateSince
        stateUntil
        recordName
        isCheckAsked
        checkAt
        checkedAt
        finding
        provenAt
        contestedUntil
        quarantinedUntil
        policy {
          enrolment
          isForSubtree
          changedAt
        }
        groupings(first: 20) {
          edges {
            node {
              id
              createdAt
              state
              stateSince
              stateUntil
              matching
              members
              formerMembers
              claimed
              unproven
              elsewhere
              seen
              notified
            }
          }
        }
      }
    }
  `,
  [ShellFields],
);

/** Asked again for some seconds after somebody has had the record looked for. */
export const DomainCheckQuery = graphql(`
  query DomainCheck($id: ID!) {
    domain(id: $id) {
      id
      isCheckAsked
    }
  }
`);

export const GroupingProgressSubscription = graphql(`
  subscription ConsoleGroupingProgress($id: ID!) {
    groupingProgress(id: $id) {
      id
      state
      matching
      seen
      notified
    }
  }
`);

export const ClaimDomainMutation = graphql(`
  mutation ConsoleClaimDomain($input: ClaimDomainInput!) {
    claimDomain(input: $input) {
      domain {
        id
      }
      record {
        name
        value
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RenewClaimMutation = graphql(`
  mutation ConsoleRenewDomainClaim($input: DomainInput!) {
    renewDomainClaim(input: $input) {
      domain {
        id
      }
      record {
        name
        value
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const VerifyDomainMutation = graphql(`
  mutation ConsoleVerifyDomain($input: DomainInput!) {
    verifyDomain(input: $input) {
      domain {
        id
        isCheckAsked
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ReleaseDomainMutation = graphql(`
  mutation ConsoleReleaseDomain($input: DomainInput!) {
    releaseDomain(input: $input) {
      domain {
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

export const SetPolicyMutation = graphql(`
  mutation ConsoleSetDomainPolicy($input: SetDomainPolicyInput!) {
    setDomainPolicy(input: $input) {
      policy {
        enrolment
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const AddEvidenceMutation = graphql(`
  mutation ConsoleAddDomainEvidence($input: AddDomainEvidenceInput!) {
    addDomainEvidence(input: $input) {
      domain {
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

export const PreviewGroupingMutation = graphql(`
  mutation ConsolePreviewGrouping($input: DomainInput!) {
    previewGrouping(input: $input) {
      grouping {
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

export const StartGroupingMutation = graphql(`
  mutation ConsoleStartGrouping($input: GroupingInput!) {
    startGrouping(input: $input) {
      grouping {
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

export const CancelGroupingMutation = graphql(`
  mutation ConsoleCancelGrouping($input: GroupingInput!) {
    cancelGrouping(input: $input) {
      grouping {
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

export const AccountClaimsQuery = graphql(
  `
    query AccountClaimList($shell: Boolean!, $states: [AccountClaimState!], $first: Int!, $after: String) {
      ...ShellFields @include(if: $shell)
      accountClaims(states: $states, first: $first, after: $after) {
        edges {
          node {
            id
            createdAt
            state
            stateSince
            decideUntil
            address
            domain {
              id
              displayName
            }
            member {
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
  `,
  [ShellFields],
);

export const ExemptAccountMutation = graphql(`
  mutation ConsoleExemptAccount($input: AccountClaimInput!) {
    exemptAccount(input: $input) {
      claim {
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

/** Who decides on which category, asked when somebody opens it. */
export const ControllersQuery = graphql(`
  query Controllers {
    heldCategories {
      category
      label
      isSpecial
      controller
    }
  }
`);
