// Package swap holds the tests of the two-way swap: a database that Better Auth made, in any of its
// shapes, is taken over, worked on by both, and handed back.
//
// Other tests compare one answer or one statement with the original's. These follow users across the
// change of program: whoever had a password, a session, a link in the mail or a key before it has it
// after it, in both directions.
package swap
