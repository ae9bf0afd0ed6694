//! The rules that a flow is checked against, by name: what the page on errors tells one by one, what a case of the tests is
//! called, and what `#[allow(…)]` takes. Not what they check: that stands where each is reported.

/// A family of rules: a folder of cases, a chapter of the page on errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// How a flow is written.
    Text,
    /// Files that a flow includes.
    Files,
    /// What is named, and where it is defined.
    Names,
    /// What stands behind `with`.
    Config,
    /// How things are linked.
    Graph,
    /// What expressions compute.
    Types,
    /// What is promised of events.
    Delivery,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 7] = [
        Family::Text,
        Family::Files,
        Family::Names,
        Family::Config,
        Family::Graph,
        Family::Types,
        Family::Delivery,
    ];

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Family::Text => "text",
            Family::Files => "files",
            Family::Names => "names",
            Family::Config => "config",
            Family::Graph => "graph",
            Family::Types => "types",
            Family::Delivery => "delivery",
        }
    }
}

/// What becomes of a flow that breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// It does not compile.
    Error,
    /// It compiles, with a warning that `#[allow(rule)]` silences.
    Warning,
}

macro_rules! rules {
    ($($family:ident { $($rule:ident $(: $level:ident)?),* $(,)? })*) => {
        /// A rule. (A variant is written as the rule's name is, which flows, cases and pages use.)
        #[allow(non_camel_case_types, missing_docs, reason = "a variant is what flows and pages call the rule")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($($rule,)*)* }

        impl Rule {
            /// All of them, family by family.
            pub const ALL: &'static [Rule] = &[$($(Rule::$rule,)*)*];

            /// Its name, as `#[allow(…)]` takes it.
            pub fn name(self) -> &'static str {
                match self { $($(Rule::$rule => stringify!($rule),)*)* }
            }

            /// Its family.
            pub fn family(self) -> Family {
                match self { $($(Rule::$rule => Family::$family,)*)* }
            }

            /// What becomes of a flow that breaks it.
            pub fn level(self) -> Level {
                match self { $($(Rule::$rule => level!($($level)?),)*)* }
            }

            /// The rule of that name.
            pub fn find(name: &str) -> Option<Rule> {
                Rule::ALL.iter().copied().find(|rule| rule.name() == name)
            }
        }
    };
}

macro_rules! level {
    () => {
        Level::Error
    };
    (warning) => {
        Level::Warning
    };
}

rules! {
    Text {
        bad_escape, bad_interpolation, bad_number, bad_string, clause_out_of_order, foreign_comment,
        foreign_quotes, foreign_token, function_of_a_value, hash_comment, include_in_a_query,
        key_behind_an_arrow, keyword_as_name, keyword_takes_a_path, looks_like_interpolation: warning,
        minus_in_a_number,
        misplaced_in_a_module, missing_comma, missing_end, missing_semicolon, module_with_a_slash,
        module_without_with,
        name_with_minus, nested_too_deep, no_if, not_supported, number_with_unit,
        pipeline_with_config, port_behind_a_slash, range_with_dots, select_comes_first,
        select_leads_to_one_place, statement_of_a_flow, statement_of_a_query, stray_bracket,
        stray_doc_comment, stray_end, unclosed_block, unclosed_name, unclosed_string, unexpected_token,
        unknown_attribute, unknown_expression_operator, unknown_rule, unknown_statement, unquoted_string,
        unquoted_url, wrong_path, wrong_type_name, wrong_visibility,
    }
    Files {
        bad_file_name, bad_pattern, bad_yaml_name, included_twice, late_setting, missing_file, no_yaml,
        unknown_file_type, unknown_setting, unreadable_file, wrong_setting, yaml_misplaced_key, yaml_missing_key,
        yaml_not_supported, yaml_unknown_key, yaml_wrong_value,
    }
    Names {
        binding_not_mapped: warning, created_twice, defined_twice, function_without_module, links_repeated,
        looks_like_subtraction: warning, mapped_twice, missing_instance, module_name_in_use,
        module_not_in_use, name_like_a_subtraction, nothing_comes_out, nothing_goes_in, odd_instance,
        operator_not_created, port_not_said, reserved_name, unknown_artefact, unknown_artefact_kind,
        unknown_artefact_port, unknown_binding, unknown_constant, unknown_definition, unknown_function,
        unknown_module, unknown_name, unknown_offramp_kind, unknown_onramp_kind, unknown_operator_kind,
        unknown_port, unknown_stream, unknown_system_artefact, unused_artefact: warning,
        unused_constant: warning, unused_module: warning, unused_operator: warning, unused_use: warning, value_given_twice,
        value_in_vain, variable_out_of_place, variable_with_dollar, variable_without_braces,
        variable_without_value, wrong_mapping_name,
    }
    Config {
        computed_name, computed_outputs, computed_path, directory_without_flow, env_not_possible, env_of_no_name,
        exceeds_another_key: warning, file_read_and_emptied, header_set_twice, instance_is_no_directory,
        key_given_twice, key_without_another, key_without_use, keys_exclude_each_other,
        log_smaller_than_windows: warning, missing_key, neither_of_two_keys, out_of_range, same_directory, same_file,
        same_url: warning, secret_in_the_flow: warning, unknown_key, value_in_another_unit: warning,
        value_not_constant, wrong_header, wrong_list, wrong_type, wrong_url, wrong_value,
    }
    Graph {
        cycle_in_pipeline, cycle_over_links, input_not_linked, linked_twice, nothing_created, onramp_not_linked,
        operator_not_fed, output_not_linked, output_not_selected, read_twice, reversed_link, stream_not_selected,
        too_many_ways, way_too_long, wrong_end,
    }
    Types {
        condition_not_boolean, constants_go_round, failing_constant, failing_patch, missing_field,
        never_equal: warning, never_present: warning, no_event_here, no_record, operation_in_vain: warning, operation_without_field,
        record_too_large, wrong_argument, wrong_arity, wrong_index, wrong_operand, wrong_range, zero_divisor,
    }
    Delivery {
        confirmed_early, confirmed_unsaved, log_in_memory, log_synced_late, no_log_on_the_way,
        required_twice: warning, unknown_promise,
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, Rule};

    #[test]
    fn each_rule_is_found_by_its_name() {
        for rule in Rule::ALL {
            assert_eq!(Rule::find(rule.name()), Some(*rule));
        }
        assert_eq!(Rule::find("no_such_rule"), None);
    }

    #[test]
    fn a_mistake_of_writing_is_an_error() {
        assert_eq!(Rule::missing_semicolon.level(), Level::Error);
    }
}
