//! The last line that a flow prints with `--summary json`.

use serde_json::Value;

/// A parsed summary.
#[derive(Clone, Debug)]
pub struct Summary(Value);

impl Summary {
    /// Parses the line.
    ///
    /// # Errors
    /// If it is no JSON object with a list of nodes.
    pub fn parse(line: &str) -> Result<Summary, String> {
        let value: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        if value["nodes"].is_array() { Ok(Summary(value)) } else { Err("it has no nodes".to_owned()) }
    }

    /// A number of a node, by the path that settings use (`offramp.ws0`), summed over the instances.
    ///
    /// # Panics
    /// If there is no such node, or it has no such number.
    #[track_caller]
    pub fn count(&self, path: &str, name: &str) -> u64 {
        let nodes = self.0["nodes"].as_array().expect("checked by `parse`");
        let found: Vec<&Value> = nodes.iter().filter(|node| node["path"] == path).collect();
        assert!(!found.is_empty(), "no node {path} in {}", self.0);
        let number =
            |node: &Value| node[name].as_u64().unwrap_or_else(|| panic!("{path} has no {name}: {node}"));
        found.into_iter().map(number).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_found_by_path_and_summed_over_instances() {
        let line =
            r#"{"nodes":[{"path":"a","instance":"1","acked":3},{"path":"a","instance":"2","acked":4}]}"#;
        assert_eq!(Summary::parse(line).unwrap().count("a", "acked"), 7);
        assert!(Summary::parse("").is_err());
        assert!(Summary::parse("{}").is_err());
    }
}
