// Package mail is what leaves the house as mail: messages in plain text, an
// [Outbox] where they wait, sealed, in the transaction that wants them sent, and
// the ways they leave by ([SMTP], [Folder]).
//
// Each message is a job ("mail.send") that is tried again with growing waits,
// for a day. What it says is read by nobody meanwhile, as it may hold a link that
// opens an account: it is encrypted under the master key, and deleted when it is
// sent, refused, too old, or of no more use.
//
// It owns the table mail_message. Who is written to, what about and how often
// is for its callers; so are the words.
package mail
