import { graphql } from "../../api/graphql";

export const PauseMutation = graphql(`
  mutation PauseInstallation($input: InstallationInput!) {
    pauseInstallation(input: $input) {
      installation {
        id
        state
        stateReason
        problem
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const ResumeMutation = graphql(`
  mutation ResumeInstallation($input: InstallationInput!) {
    resumeInstallation(input: $input) {
      installation {
        id
        state
        stateReason
        problem
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const PreviewUninstallMutation = graphql(`
  mutation PreviewUninstall($input: InstallationInput!) {
    previewUninstall(input: $input) {
      preview {
        digest
        recipient
        people
        records
        grants
        erases
        obligations
        proof
        retentionDays
        stays {
          what
          reason
          until
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

export const UninstallMutation = graphql(`
  mutation Uninstall($input: UninstallIntegrationInput!) {
    uninstallIntegration(input: $input) {
      installation {
        id
        state
        stateReason
        problem
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const PreviewWithdrawalMutation = graphql(`
  mutation PreviewGrantWithdrawal($input: PreviewGrantWithdrawalInput!) {
    previewGrantWithdrawal(input: $input) {
      preview {
        digest
        recipient
        people
        records
        grants
        erases
        obligations
        proof
        retentionDays
        stays {
          what
          reason
          until
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

export const WithdrawMutation = graphql(`
  mutation WithdrawGrant($input: WithdrawGrantInput!) {
    withdrawGrant(input: $input) {
      installation {
        id
        state
        grants(withWithdrawn: true) {
          id
          withdrawnAt
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
