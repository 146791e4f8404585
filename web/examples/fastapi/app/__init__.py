"""An API of tasks, whose callers are known by what the identity server says of them."""
