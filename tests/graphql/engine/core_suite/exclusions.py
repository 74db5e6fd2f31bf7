"""Which of graphql-core's tests are not asked of the handler, and why: by file, and by name."""

from __future__ import annotations

FILES = (
    "execution/test_abstract.py",
    "execution/test_customize.py",
    "execution/test_directives.py",
    "execution/test_error_propagation.py",
    "execution/test_executor.py",
    "execution/test_lists.py",
    "execution/test_mutations.py",
    "execution/test_nonnull.py",
    "execution/test_oneof.py",
    "execution/test_parallel.py",
    "execution/test_resolve.py",
    "execution/test_schema.py",
    "execution/test_sync.py",
    "execution/test_too_deeply_nested_selections.py",
    "execution/test_union_interface.py",
    "execution/test_variables.py",
    "test_star_wars_introspection.py",
    "test_star_wars_query.py",
    "test_user_registry.py",
    "type/test_custom_scalars.py",
    "type/test_enum.py",
    "type/test_introspection.py",
)
"""The files that are run: all in which operations are executed, but the following."""

FILES_LEFT_OUT = {
    "execution/incremental": "answers in parts (`@defer`, `@stream`) are not served",
    "execution/test_aborted_graphql_execution_error.py": "an exception class of abort signals",
    "execution/test_cancellation.py": "abort signals: the handler stops an execution by its own clock",
    "execution/test_collect_fields.py": "a function of graphql-core, which the engine calls as it is",
    "execution/test_execution_result.py": "a class of graphql-core's interface",
    "execution/test_executor_throwing_on_incremental.py": "answers in parts are not served",
    "execution/test_hooks.py": "hooks into graphql-core's executor, an argument that the handler does not have",
    "execution/test_map_async_iterable.py": "a function for subscriptions",
    "execution/test_middleware.py": "middleware, an argument that the handler does not have",
    "execution/test_subscribe.py": "subscriptions, which go over a socket and have tests of their own",
}

SERIAL = (
    "resolvers run one after the other, because a request has one connection: what waits for a sibling waits for ever"
)
_FETCHED_FIRST = "everything is fetched before anything is completed, so an error cuts nothing short"
_NULLED = (
    "of an area that an error nulls, only the first error is told; those of its siblings may be (specification, 6.4.4)"
)
_ORDER = "errors come in the order of the answer, not in the order in which they happened"
_ASYNCHRONOUS = "the handler is asynchronous: it awaits what graphql-core's synchronous functions take for a value"
_WORDING = "refused likewise, in words of our own"
_EXTENT = "refused likewise, by its depth and before anything is executed, in words of our own"
_PARTS = "answers in parts (`@defer`, `@stream`) are not served"
_FRAGMENT_ARGUMENTS = (
    "arguments of fragments are an experiment in graphql-core; the handler's parser refuses the syntax"
)
_JSON = "variables come as JSON, which knows no undefined values and no objects of Python"
_ARGUMENT = "an argument that the handler does not have"
_INTERFACE = "calls graphql-core's executor or utilities directly"
_SUBSCRIPTIONS = "subscriptions, which go over a socket and have tests of their own"
_SCHEMA = "an invalid schema is found when it is made, not by a request"
_NODES = "compares the syntax nodes of errors, of which a response tells only the places"

EXCLUDED: dict[str, dict[str, str]] = {
    "execution/test_customize.py": {
        "describe_customize_execution::uses_a_custom_executor_class": _ARGUMENT,
        "describe_customize_subscription::uses_a_custom_subscribe_field_resolver": _SUBSCRIPTIONS,
        "describe_customize_subscription::uses_a_custom_executor_class": _SUBSCRIPTIONS,
    },
    "execution/test_executor.py": {
        "executes_the_root_selection_set_of_a_built_executor": _INTERFACE,
        "ignores_stream_directives": _INTERFACE,
        "ignores_defer_directives_on_subfields": _INTERFACE,
        "completes_async_is_type_of_with_async_subfields": _INTERFACE,
        "handles_sync_errors_combined_with_async_ones": _FETCHED_FIRST,
        "handles_sync_errors_combined_with_async_ones_in_async_context": _FETCHED_FIRST,
        "provides_error_if_no_operation_is_provided": _WORDING,
        "errors_if_no_operation_name_is_provided_with_multiple_operations": _WORDING,
        "errors_if_unknown_operation_name_is_provided": _WORDING,
        "errors_if_empty_string_is_provided_as_operation_name": _WORDING,
        "resolves_to_an_error_if_schema_does_not_support_operation": _WORDING,
        "uses_the_subscription_schema_for_subscriptions": _SUBSCRIPTIONS,
        "errors_when_using_original_execute_with_schemas_including_experimental_defer": _PARTS,
        "errors_when_using_original_execute_with_schemas_including_experimental_stream": _PARTS,
        "uses_a_different_number_of_max_coercion_errors": _ARGUMENT,
    },
    "execution/test_lists.py": {
        "drains_the_iterator_when_next_throws": _FETCHED_FIRST,
        "handles_iterator_errors_with_later_pending_awaitables": _FETCHED_FIRST,
        "handles_sync_errors_with_later_pending_awaitables": _FETCHED_FIRST,
        "handles_mixture_of_sync_and_async_errors_in_async_iterables": _ORDER,
        "calls_aclose_when_non_null_list_item_errors": _FETCHED_FIRST,
        "can_customize_detection_of_async_iterables": _ARGUMENT,
    },
    "execution/test_mutations.py": {
        "mutation_fields_with_defer_do_not_block_next_mutation": _PARTS,
        "mutation_with_defer_is_not_executed_serially": _PARTS,
    },
    "execution/test_nonnull.py": {
        "describe_nulls_a_complex_tree_of_nullable_fields_each::throws": _ORDER,
        "nullable_and_non_nullable_root_fields_throw_nested_errors": _NULLED,
        "slower_nullable_after_non_nullable_root_field": _NULLED,
    },
    "execution/test_oneof.py": {"accepts_a_good_variable_with_an_undefined_key": _JSON},
    "execution/test_parallel.py": {
        "resolve_fields_in_parallel": SERIAL,
        "resolve_list_in_parallel": SERIAL,
        "cancel_selection_sets": SERIAL,
        "cancel_lists": SERIAL,
        "cancel_async_iterators": SERIAL,
    },
    "execution/test_sync.py": {
        "does_not_return_an_awaitable_for_initial_errors": _WORDING,
        "describe_execute_sync::throws_if_encountering_async_operation_without_check_sync": _ASYNCHRONOUS,
        "describe_graphql_sync::throws_if_encountering_async_operation_without_check_sync": _ASYNCHRONOUS,
        "iterates_sync_and_async_iterables_synchronously_without_check_sync": _ASYNCHRONOUS,
        "reports_async_iterables_as_errors_without_check_sync": _ASYNCHRONOUS,
        "throws_if_encountering_async_iterable_execution_with_check_sync": _PARTS,
        "throws_if_encountering_async_iterable_execution_without_check_sync": _PARTS,
        "reports_errors_raised_during_schema_validation": _SCHEMA,
        "does_not_return_an_awaitable_for_validation_errors": _NODES,
    },
    "execution/test_too_deeply_nested_selections.py": {
        "execute_sync_returns_a_result_with_the_error": _EXTENT,
        "execute_returns_a_result_with_the_error": _EXTENT,
        "reports_a_too_deep_chain_inside_a_field_as_a_field_error": _EXTENT,
        "does_not_keep_the_frames_of_the_recursion_alive": _EXTENT,
        "experimental_execute_incrementally_returns_a_result_with_the_error": _PARTS,
    },
    "execution/test_variables.py": {
        "treats_explicitly_undefined_variable_values_as_omitted": _JSON,
        "describe_too_deeply_nested_variable_values::execute_sync_returns_a_result_with_the_error": _EXTENT,
        "describe_too_deeply_nested_variable_values::graphql_sync_returns_a_result_with_the_error": _EXTENT,
        "allows_custom_scalars_with_embedded_fragment_variables": _FRAGMENT_ARGUMENTS,
        "allows_custom_scalars_with_embedded_nested_fragment_variables": _FRAGMENT_ARGUMENTS,
        "when_a_value_is_required_and_provided": _FRAGMENT_ARGUMENTS,
        "when_a_value_is_required_and_not_provided": _FRAGMENT_ARGUMENTS,
        "when_the_definition_has_a_default_and_is_provided": _FRAGMENT_ARGUMENTS,
        "when_the_definition_has_a_default_and_is_not_provided": _FRAGMENT_ARGUMENTS,
        "when_the_definition_has_an_invalid_default_and_is_not_provided": _FRAGMENT_ARGUMENTS,
        "does_not_allow_invalid_types_to_be_used_as_fragment_variables": _FRAGMENT_ARGUMENTS,
        "when_a_default_is_not_provided_and_spreads_another_fragment": _FRAGMENT_ARGUMENTS,
        "when_the_definition_has_a_non_nullable_default_and_is_provided_null": _FRAGMENT_ARGUMENTS,
        "when_an_argument_is_shadowed_by_an_operation_variable": _FRAGMENT_ARGUMENTS,
        "when_a_nullable_argument_without_field_default_is_shadowed": _FRAGMENT_ARGUMENTS,
        "when_a_nullable_argument_with_field_default_is_shadowed": _FRAGMENT_ARGUMENTS,
        "when_a_fragment_is_used_with_different_args": _FRAGMENT_ARGUMENTS,
        "when_the_argument_variable_is_nested_in_a_complex_type": _FRAGMENT_ARGUMENTS,
        "when_argument_variables_are_used_recursively": _FRAGMENT_ARGUMENTS,
        "when_same_name_argument_variables_used_directly_and_recursively": _FRAGMENT_ARGUMENTS,
        "when_argument_passed_in_as_list": _FRAGMENT_ARGUMENTS,
        "when_argument_passed_to_a_directive": _FRAGMENT_ARGUMENTS,
        "when_argument_passed_to_a_directive_on_a_nested_field": _FRAGMENT_ARGUMENTS,
    },
    "test_user_registry.py": {"subscribe_to_user_mutations": _SUBSCRIPTIONS},
    "type/test_custom_scalars.py": {
        "coerce_input_value": _JSON,
        "coerce_input_value_with_error": _JSON,
    },
    "type/test_enum.py": {
        "accepts_enum_literals_as_input_arguments_to_subscriptions": _SUBSCRIPTIONS,
        "can_be_introspected_without_error": _INTERFACE,
    },
}
"""By file, the end of a test's name, and the reason."""
