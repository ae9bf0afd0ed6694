//! The last line that a flow prints with `--summary json`.

use serde_json::Value;

/// A parsed summary.
#[derive(Clone, Debug)]
pub struct Summary(Value);

impl Summary {
    /// Parses the line.
    ///
    /// # Errors
    /// If it is no JSON object with instances.
    pub fn parse(line: &str) -> Result<Summary, String> {
        let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        if value["instances"].is_object() {
            Ok(Summary(value))
        } else {
            Err("it has no instances".to_owned())
        }
    }

    /// A number of a node, by the path that settings use (`offramp.ws0`), summed over the instances.
    ///
    /// # Panics
    /// If no instance has such a node, or it has no such number.
    #[track_caller]
    pub fn count(&self, path: &str, name: &str) -> u64 {
        let instances = self.0["instances"].as_object().expect("checked by `parse`");
        let found: Vec<&Value> = instances.values().filter_map(|nodes| nodes.get(path)).collect();
        assert!(!found.is_empty(), "no node {path} in {}", self.0);
        let number =
            |node: &Value| node[name].as_u64().unwrap_or_else(|| panic!("{path} has no {name}: {node}"));
        found.into_iter().map(number).sum()
    }

    /// A number of a node in one instance.
    ///
    /// # Panics
    /// If there is no such node, or it has no such number.
    #[track_caller]
    pub fn count_of(&self, instance: &str, path: &str, name: &str) -> u64 {
        let number = self.0["instances"][instance][path][name].as_u64();
        number.unwrap_or_else(|| panic!("no {name} of {path} in instance {instance}: {}", self.0))
    }

    /// A number of the flow as a whole (`undelivered`).
    ///
    /// # Panics
    /// If it has no such number.
    #[track_caller]
    pub fn total(&self, name: &str) -> u64 {
        self.0[name].as_u64().unwrap_or_else(|| panic!("no {name} in {}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_path_and_summed_over_instances() {
        let line = r#"{"lost":2,"instances":{"1":{"a":{"acked":3},"b":{"acked":9}},"2":{"a":{"acked":4}}}}"#;
        let summary = Summary::parse(line).unwrap();
        assert_eq!(summary.count("a", "acked"), 7);
        assert_eq!(summary.count("b", "acked"), 9);
        assert_eq!((summary.count_of("1", "a", "acked"), summary.count_of("2", "a", "acked")), (3, 4));
        assert_eq!(summary.total("lost"), 2);
        for wrong in ["", "{}", "offramp.ws0 acked 3"] {
            assert!(Summary::parse(wrong).is_err(), "{wrong}");
        }
    }
}
