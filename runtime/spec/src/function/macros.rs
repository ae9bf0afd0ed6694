//! The shorthand for a row of a pure function: its signature once, from which come the row and the folding.

/// `pure!(module file::function(String, Integer; ...Any) -> String, "doc")`: the row of a function of that name; with
/// `->?` one that can fail. The Rust function is in the file of that name beside this one, under the same name. Behind
/// `constants =` may stand what checks constant arguments alone.
macro_rules! pure {
    ($file:ident::$name:ident($($class:ident),* $(; ...$rest:ident)?) -> $result:ident, $doc:literal) => {
        pure!(@row $file, $name, [$($class),*], [$($rest)?], $result, false, None, $doc, |result| result)
    };
    ($file:ident::$name:ident($($class:ident),* $(; ...$rest:ident)?) ->? $result:ident, $doc:literal
     $(, constants = $check:ident)?) => {
        pure!(@row $file, $name, [$($class),*], [$($rest)?], $result, true, pure!(@check $($check)?), $doc,
              |result| result?)
    };
    (@check) => { None };
    (@check $check:ident) => { Some($check) };
    (@row $file:ident, $name:ident, [$($class:ident),*], [$($rest:ident)?], $result:ident, $fallible:literal, $check:expr, $doc:literal,
     |$out:ident| $unwrapped:expr) => {
        $crate::function::FunctionRow {
            module: $crate::function::$file::MODULE,
            name: stringify!($name),
            params: &[$($crate::function::Class::$class),*],
            rest: pure!(@rest_class $($rest)?),
            result: $crate::function::Class::$result,
            fallible: $fallible,
            check_constants: $check,
            source: $crate::function::FunctionSource::Pure {
                path: &[stringify!($file), stringify!($name)],
                fold: |arguments| {
                    let mut left = arguments.iter();
                    let $out = $crate::function::$file::$name(
                        $({
                            let argument = left.next().ok_or_else($crate::function::macros::too_few)?;
                            pure!(@take $class, argument)
                        },)*
                        $(pure!(@take_rest $rest, left))?
                    );
                    let result = $unwrapped;
                    if left.next().is_some() {
                        return Err($crate::function::macros::too_many());
                    }
                    Ok(pure!(@give $result, result))
                },
            },
            doc: $doc,
        }
    };
    (@rest_class) => { None };
    (@rest_class $rest:ident) => { Some($crate::function::Class::$rest) };
    (@take Any, $value:ident) => { $value };
    (@take Integer, $value:ident) => { $crate::op::as_integer($value)? };
    (@take Number, $value:ident) => { $crate::op::as_number($value)? };
    (@take List, $value:ident) => { $crate::op::as_list($value)? };
    (@take Record, $value:ident) => { $crate::op::as_record($value)? };
    (@take String, $value:ident) => { $crate::op::as_str($value)? };
    (@take Binary, $value:ident) => { $crate::op::as_binary($value)? };
    (@take_rest Any, $left:ident) => { &$left.by_ref().collect::<Vec<_>>() };
    (@give Integer, $result:ident) => {
        $crate::value::Value::integer($result).expect("functions give integers within 64 bits")
    };
    (@give $class:ident, $result:ident) => { $crate::value::Value::from($result) };
}
pub(crate) use pure;

use crate::op::OpError;

pub(super) fn too_few() -> OpError {
    OpError::new("too few arguments")
}

pub(super) fn too_many() -> OpError {
    OpError::new("too many arguments")
}
