//! The near name is tested where it is; here is its bound.

use foreshock_spec::nearest;
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_legal_name_is_nearest_to_itself(name in "[a-z_]{1,20}", other in "[a-z_]{1,20}") {
        prop_assert_eq!(nearest(&name, [other.as_str(), name.as_str()]).map(str::to_owned), Some(name));
    }

    #[test]
    fn one_letter_left_out_is_forgiven(name in "[a-z]{4,20}", at in 0..4_usize) {
        let mut written = name.clone();
        written.remove(at);
        prop_assert_eq!(nearest(&written, [name.as_str()]), Some(name.as_str()));
    }
}
