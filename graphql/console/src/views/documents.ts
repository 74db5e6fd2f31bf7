import { graphql } from "../api/graphql";

export const SavedViewsQuery = graphql(`
  query ConsoleSavedViews {
    savedViews {
      id
      name
      page
      address
      isShared
      isOwn
      member {
        id
        displayName
      }
    }
  }
`);

export const SaveViewMutation = graphql(`
  mutation ConsoleSaveView($input: CreateSavedViewInput!) {
    createSavedView(input: $input) {
      view {
        id
        name
      }
      errors {
        code
        message
        path
      }
    }
  }
`);

export const RemoveViewMutation = graphql(`
  mutation ConsoleRemoveView($input: RemoveSavedViewInput!) {
    removeSavedView(input: $input) {
      view {
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

export const UpdateViewMutation = graphql(`
  mutation ConsoleUpdateView($input: UpdateSavedViewInput!) {
    updateSavedView(input: $input) {
      view {
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
