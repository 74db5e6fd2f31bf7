import { graphql } from "../../../api/graphql";

export const PreviewGroupRuleMutation = graphql(`
  mutation ConsolePreviewGroupRule($input: PreviewGroupRuleInput!) {
    previewGroupRule(input: $input) {
      preview {
        fingerprint
        joiningCount
        leavingCount
        staying
        keptOut
        showsContacts
        firstJoining {
          id
          displayName
        }
        firstLeaving {
          id
          displayName
        }
        recipients {
          people
          installation {
            id
            name
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const SetGroupRuleMutation = graphql(`
  mutation ConsoleSetGroupRule($input: SetGroupRuleInput!) {
    setGroupRule(input: $input) {
      group {
        id
        name
        description
        archivedAt
        contactVisibility
        managedBy
        rule {
          createdAt
          isResting
          missingDomains
          restsSince
          conditions {
            attribute
            values
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const EndGroupRuleMutation = graphql(`
  mutation ConsoleEndGroupRule($input: EndGroupRuleInput!) {
    endGroupRule(input: $input) {
      group {
        id
        name
        description
        archivedAt
        contactVisibility
        managedBy
        rule {
          createdAt
          isResting
          missingDomains
          restsSince
          conditions {
            attribute
            values
          }
        }
      }
      errors {
        code
        message
        path
      }
    }
  }
`);
