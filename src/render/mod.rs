//! Pipeline to text. The only user of the template engine; decides nothing.
