// Package reception is where the deliveries of the AAF arrive: an account
// for each académie that delivers, a folder that is watched, and what is
// answered to the rectorat.
//
// Files come by SFTP, which is OpenSSH's to serve: an account is a folder,
// its key and its chroot are the machine's ([SSHD] writes the configuration).
// The [Watcher] takes each delivery out of the folder once it is complete,
// seals it at once, verifies its checksum, its place in the sequence and its
// perimeter, and has directory/feed apply it. What happened is left in the
// account's folder "out": an acknowledgement, and the conformity report.
//
// The received files are only kept sealed ([Vault]): while they wait, once
// they are fed and in quarantine. They are destroyed at their term. A
// delivery is in one of three places at any instant, the folder, the vault or
// the journal of the feed, whose transaction says that it was fed: a killed
// process loses none and feeds none twice.
//
// It owns the tables reception_*. It sends no mail.
package reception
