import { graphql } from "../../../api/graphql";

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
