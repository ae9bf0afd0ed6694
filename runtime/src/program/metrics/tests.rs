//! What is told of a flow in numbers, against what the documentation says of it.
